import type { ExitCode } from '../exitCodes.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { count } from '../text/count.ts';
import { resultLine } from './resultLine.ts';
import { type PlacedProblem, showProblems } from './showProblems.ts';

/** Tells what this command found wrong with what it was given, and answers its exit code. */
export function reportProblems(
  around: Surroundings,
  given: { problems: readonly PlacedProblem[]; isJson: boolean; exitCode: ExitCode; ending: string },
): ExitCode {
  const { problems, isJson, exitCode, ending } = given;
  if (isJson) around.out.print(resultLine({ exitCode, result: 'refused', problems }));
  else
    around.err.print(
      ...showProblems(problems, around.err),
      '',
      `${count(problems.length, 'problem')}; ${ending}`,
    );
  return exitCode;
}
