import type { Client } from '@holdfast/client';
import type { ApplyAnswer, SaidProblem } from '@holdfast/core';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { resultLine } from '../problems/resultLine.ts';
import type { PlacedProblem } from '../problems/showProblems.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { count } from '../text/count.ts';
import { showChanges } from './showChanges.ts';

export type ApplyJob = Readonly<{
  around: Surroundings;
  client: Client;
  document: unknown;
  placeOf: (problem: SaidProblem) => PlacedProblem;
  isJson: boolean;
  /** The exit codes of a document that differs and of one that is refused. */
  codes: Readonly<{ differs: ExitCode; refused: ExitCode }>;
}>;

/** Gives a document to the agent, or only asks what it would change, and says what came of it. */
export async function applyDocument(job: ApplyJob, dryRun: boolean): Promise<ExitCode> {
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
  else around.out.print(...sayApplied(answer.value, dryRun, around));
  return exitCode;
}

function sayApplied({ changes, generation }: ApplyAnswer, dryRun: boolean, { out }: Surroundings): string[] {
  if (changes.length === 0) return [`no difference; generation ${generation} stays in force`];
  const ending = dryRun ? 'nothing was changed yet' : `generation ${generation} is in force`;
  return [...showChanges(changes, out.paint), `${count(changes.length, 'change')}; ${ending}`];
}
