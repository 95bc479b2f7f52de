import type { RunResult } from '@holdfast/kit';
import type { LabHost } from '../labHost.ts';

/** How the demo tells its story: to people, or as lines of JSON. */
export type Printer = Readonly<{
  /** What is about to happen, and why it is worth a look. */
  say: (text: string) => void;
  /** A command as it is typed on a host, with its output as it comes. One that fails ends the demo. */
  typed: (host: LabHost, argv: readonly [string, ...string[]]) => Promise<RunResult>;
  /** Something measured. */
  measured: (what: string, ms: number) => void;
  /** How long the client went without an answer. */
  outage: (ms: number) => void;
  /** Something counted. */
  counted: (what: string, count: number) => void;
  /** What the agent did, each line with its time after the failure. */
  timeline: (lines: readonly TimelineLine[]) => void;
}>;

export type TimelineLine = Readonly<{ afterMs: number; event: string; says: string }>;

const commandBudgetMs = 60_000;

export function printer({ json, write }: { json: boolean; write: (text: string) => void }): Printer {
  return json ? jsonPrinter(write) : textPrinter(write);
}

function textPrinter(write: (text: string) => void): Printer {
  return {
    say: (text) => write(`\n${text}\n`),
    typed: async (host, argv) => {
      write(`\n${host.name}# ${argv.map(quote).join(' ')}\n`);
      return mustSucceed(host, argv, write);
    },
    measured: (what, ms) => write(`\n  -> ${what} after ${Math.round(ms)} ms\n`),
    outage: (ms) => write(`\n  -> The client was without an answer for ${Math.round(ms)} ms at most\n`),
    counted: (what, count) => write(`  -> ${what}: ${count}\n`),
    timeline: (lines) => {
      write('\n');
      for (const { afterMs, says } of lines) write(`  ${`${Math.round(afterMs)} ms`.padStart(9)}  ${says}\n`);
    },
  };
}

/** Each line has a `schema`, so that a program can rely on its fields. */
function jsonPrinter(write: (text: string) => void): Printer {
  const line = (kind: string, fields: object): void =>
    write(`${JSON.stringify({ schema: 'holdfast.demo/1', kind, ...fields })}\n`);
  return {
    say: (text) => line('said', { text }),
    typed: async (host, argv) => {
      const result = await mustSucceed(host, argv, () => undefined);
      const { exitCode, stdout, tookMs } = result;
      line('typed', { host: host.name, argv, exitCode, stdout, tookMs });
      return result;
    },
    measured: (what, ms) => line('measured', { what, ms }),
    outage: (ms) => line('measured', { what: 'The client was without an answer', ms }),
    counted: (what, count) => line('counted', { what, count }),
    timeline: (lines) => line('timeline', { lines }),
  };
}

async function mustSucceed(
  host: LabHost,
  argv: readonly [string, ...string[]],
  onOutput: (text: string) => void,
): Promise<RunResult> {
  const result = await host.run(argv, { budgetMs: commandBudgetMs, onOutput });
  if (!result.ok) throw new Error(`${host.name}# ${argv.join(' ')}\n${result.says}\n${result.stderr}`);
  return result;
}

/** A word as a shell needs it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
