import { agentPaths } from '@holdfast/client';
import { askedAgent } from '../../src/program/askedAgent.ts';
import { commandNamed } from '../../src/program/commandNamed.ts';
import { noPaint, type Screen } from '../../src/program/screen.ts';

export type Called = Readonly<{ exitCode: number; stdout: string; stderr: string }>;

/**
 * Runs a command in this process, for tests that call by the hundred: all of it but its launcher, which has tests of
 * its own. The root may be that of another node: a socket is found through /proc as well as any file.
 */
export async function callInside(line: readonly [string, ...string[]], root: string): Promise<Called> {
  const [command, ...args] = line;
  const out: string[] = [];
  const err: string[] = [];
  const screen = (to: string[]): Screen => ({
    write: (text) => to.push(text),
    size: () => ({ width: 80, rows: 24 }),
    print: (...lines) => to.push(...lines.map((text) => `${text}\n`)),
    width: 80,
    isTerminal: false,
    paint: noPaint,
  });
  const run = await commandNamed(command);
  const exitCode = await run({
    command,
    args,
    out: screen(out),
    err: screen(err),
    input: process.stdin,
    paths: agentPaths(root),
    asked: askedAgent(agentPaths(root)),
    root,
    by: `test (${command})`,
    now: Date.now,
    describeAll: async () => [],
    interrupted: () => new AbortController().signal,
  });
  return { exitCode, stdout: out.join(''), stderr: err.join('') };
}
