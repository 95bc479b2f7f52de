import type { Client } from '@holdfast/client';
import type { SaidProblem } from '@holdfast/core';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { resultLine } from '../problems/resultLine.ts';
import type { PlacedProblem } from '../problems/showProblems.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { sayApplied } from './sayApplied.ts';

export type ApplyJob = Readonly<{
  around: Surroundings;
  client: Client;
  document: unknown;
  placeOf: (problem: SaidProblem) => PlacedProblem;
  isJson: boolean;
  /** The exit codes of a document that differs and of one that is refused. */
  codes: Readonly<{ differs: ExitCode; refused: ExitCode }>;
}>;

/** Gives a document to the agent, or only asks what it would change, and says what came of it; the difference, unless it was shown before. */
export async function applyDocument(job: ApplyJob, dryRun: boolean, isShown = false): Promise<ExitCode> {
  const { around, isJson, placeOf, codes } = job;
  const answer = await job.client.apply({ document: job.document, dryRun, by: around.by });
  if (!answer.ok) {
    return reportTrouble(around, {
      trouble: answer.trouble,
      isJson,
      ending: 'nothing was changed',
      // A document with a wrong tag in it is refused like any other wrong document.
      ...(answer.trouble.kind === 'Refused' ? { placed: placeOf, exitCode: codes.refused } : {}),
    });
  }
  const exitCode = answer.value.changes.length === 0 ? exitCodes.done : codes.differs;
  if (isJson)
    around.out.print(resultLine({ exitCode, result: dryRun ? 'planned' : 'done', ...answer.value }));
  else around.out.print(...sayApplied(answer.value, dryRun, around.out).slice(isShown ? -1 : 0));
  return exitCode;
}
