import type { Condition } from '@holdfast/core';

/** What an executable said beside its exit code. */
export type Said = Readonly<{
  /** The last lines of standard error without those below, else of standard output; may be empty. */
  evidence: string;
  todo: string | undefined;
  conditions: readonly Condition[];
  warnings: readonly string[];
  rank: number | undefined;
}>;

const evidenceLines = 3;
const evidenceLength = 500;
const marked = /^(todo|condition|warning|rank): ?(.*)$/;

/**
 * Reads it. Lines of standard error that begin with `todo:`, `condition: CODE`, `warning:` or `rank:` mean what they
 * say; the last of the others are the evidence.
 */
export function readSaid({ stdout, stderr }: Readonly<{ stdout: string; stderr: string }>): Said {
  const lines = linesOf(stderr);
  const told = lines.flatMap((line) => {
    const match = marked.exec(line);
    return match === null ? [] : [{ kind: match[1]!, text: match[2]!.trim() }];
  });
  const all = (kind: string): string[] =>
    told.filter((one) => one.kind === kind && one.text !== '').map(({ text }) => text);
  const plain = lines.filter((line) => !marked.test(line));
  const rank = Number(all('rank').at(-1) ?? Number.NaN);
  return {
    evidence: lastOf(plain.length > 0 ? plain : linesOf(stdout)),
    todo: all('todo').at(-1),
    conditions: all('condition').map(readCondition),
    warnings: all('warning'),
    rank: rank >= 0 && rank <= 100 ? rank : undefined,
  };
}

function readCondition(text: string): Condition {
  const [code, ...words] = text.split(/\s+/);
  return { code: code!, says: words.join(' ') || code! };
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function lastOf(lines: readonly string[]): string {
  const text = lines.slice(-evidenceLines).join('; ');
  return text.length > evidenceLength ? `... ${text.slice(-evidenceLength)}` : text;
}
