import type { Client } from '@holdfast/client';
import type { CommandRequest } from '@holdfast/core';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { askFirst, isAsked } from '../program/askFirst.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { showPlan } from './showPlan.ts';
import { questionBefore } from './takesDown.ts';

/**
 * Shows a person at a terminal what a command would take down, and asks. Undefined when the command may be given; else
 * the exit code with which to end, because the answer was no. A dry run, a script and --yes are not asked, and neither is
 * anybody when nothing goes down.
 */
export async function askBeforeCommand(
  {
    around,
    client,
    isJson,
  }: { around: Pick<Surroundings, 'input' | 'out'>; client: Client; isJson: boolean },
  request: CommandRequest,
  { yes }: { yes: boolean },
): Promise<ExitCode | undefined> {
  if (request.dryRun === true || !isAsked(around, { yes, isJson })) return undefined;
  const answer = await client.command({ ...request, dryRun: true });
  // Whatever is wrong is said by the command itself.
  const question = answer.ok ? questionBefore(answer.value.plan) : undefined;
  if (!answer.ok || question === undefined) return undefined;
  around.out.print(...showPlan(answer.value.plan, around.out.width));
  if (await askFirst(around, { question, yes, isJson })) return undefined;
  around.out.print('nothing was done');
  return exitCodes.failed;
}
