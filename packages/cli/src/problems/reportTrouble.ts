import type { Trouble } from '@holdfast/client';
import { type ExitCode, exitCodeOf } from '../exitCodes.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { count } from '../text/count.ts';
import { resultLine } from './resultLine.ts';
import { type PlacedProblem, showProblems } from './showProblems.ts';

export type Report = Readonly<{
  trouble: Trouble;
  isJson: boolean;
  /** The last line after the count of problems, such as `nothing was changed`. */
  ending?: string;
  /** Where the usual one for such trouble would mislead. */
  exitCode?: ExitCode;
  /** Where each problem is in a file. */
  placed?: (problem: Trouble['problems'][number]) => PlacedProblem;
}>;

/** Tells why there is no answer, to people or to a program, and with which exit code the command ends. */
export function reportTrouble(around: Surroundings, report: Report): ExitCode {
  const exitCode = report.exitCode ?? exitCodeOf(report.trouble);
  const problems = report.trouble.problems.map(report.placed ?? ((problem) => problem));
  if (report.isJson) around.out.print(resultLine({ exitCode, result: resultOf(report.trouble), problems }));
  else {
    around.err.print(...showProblems(problems, around.err));
    if (report.ending !== undefined)
      around.err.print('', `${count(problems.length, 'problem')}; ${report.ending}`);
  }
  return exitCode;
}

function resultOf({ kind }: Trouble): 'refused' | 'lost' | 'no-answer' {
  switch (kind) {
    case 'Refused':
      return 'refused';
    case 'Lost':
    case 'Silent':
      return 'lost';
    case 'AgentDown':
    case 'NotAllowed':
    case 'Broken':
      return 'no-answer';
  }
}
