import { fileURLToPath } from 'node:url';
import { type RunResult, run, type Started, start } from '@holdfast/kit';

export const binFolder = fileURLToPath(new URL('../../bin', import.meta.url));

export type Calling = Readonly<{ root: string; env?: Record<string, string>; input?: string }>;

/** Runs a command as a process through its launcher. */
export function call(line: readonly [string, ...string[]], calling: Calling): Promise<RunResult> {
  const [command, ...args] = line;
  return run([`${binFolder}/${command}`, ...args], {
    budgetMs: 20_000,
    env: { HOLDFAST_ROOT: calling.root, ...calling.env },
    ...(calling.input === undefined ? {} : { input: calling.input }),
  });
}

/** Starts a command, and answers when it has printed the text. */
export async function callUntil(
  line: readonly [string, ...string[]],
  calling: Calling,
  text: string,
): Promise<Started> {
  const [command, ...args] = line;
  const seen = Promise.withResolvers<void>();
  let output = '';
  const started = start([`${binFolder}/${command}`, ...args], {
    env: { HOLDFAST_ROOT: calling.root, ...calling.env },
    onOutput: (piece) => {
      output += piece;
      if (output.includes(text)) seen.resolve();
    },
  });
  await Promise.race([seen.promise, started.ended]);
  return started;
}
