import type { SaidProblem } from '@holdfast/core';

/** The last line of `--json`, whatever happened: `holdfast.result/1`. */
export type Result = Readonly<{
  /** By the table of the command: `exitCodes.ts`, or that of a dialect. */
  exitCode: number;
  result:
    | 'done'
    | 'nothing-to-do'
    | 'planned'
    | 'failed'
    | 'overtaken'
    | 'refused'
    | 'lost'
    | 'no-answer'
    | 'interrupted';
  problems?: readonly SaidProblem[];
  [more: string]: unknown;
}>;

export function resultLine(result: Result): string {
  return JSON.stringify({ schema: 'holdfast.result/1', ...result, problems: result.problems ?? [] });
}
