import type { SaidProblem } from '@holdfast/core';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { resultLine } from '../problems/resultLine.ts';
import type { Surroundings } from '../program/surroundings.ts';
import type { Part } from './paths.ts';
import { sayApplied } from './sayApplied.ts';

export type Change = Readonly<{
  isJson: boolean;
  dryRun: boolean;
  /** Changes its copy of the document in place; answers with the problems that keep it from that. */
  edit: (document: Part) => readonly SaidProblem[] | Promise<readonly SaidProblem[]>;
}>;

/**
 * Changes a part of the configuration: reads the document in force, changes it, and applies the whole of it if that
 * is still the one in force. So every rule of apply holds for each small change as well.
 */
export async function changeDocument(around: Surroundings, change: Change): Promise<ExitCode> {
  const { isJson, dryRun, edit } = change;
  const client = around.asked.connect();
  const ending = 'nothing was changed';
  const read = await client.configuration();
  if (!read.ok) return reportTrouble(around, { trouble: read.trouble, isJson, ending });
  const { generation } = read.value;
  const document = structuredClone((read.value.document ?? {}) as Part);
  const problems = await edit(document);
  if (problems.length > 0)
    return reportTrouble(around, { trouble: { kind: 'Refused', problems }, isJson, ending });
  const answer = await client.apply({ document, basedOn: generation, dryRun, by: around.by });
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson, ending });
  const isIdle = answer.value.changes.length === 0;
  const result = isIdle ? 'nothing-to-do' : dryRun ? 'planned' : 'done';
  if (isJson) around.out.print(resultLine({ exitCode: exitCodes.done, result, ...answer.value }));
  else around.out.print(...sayApplied(answer.value, dryRun, around.out));
  return exitCodes.done;
}
