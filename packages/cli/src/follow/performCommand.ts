import type { CommandAnswer, CommandRequest } from '@holdfast/core';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { resultLine } from '../problems/resultLine.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { count } from '../text/count.ts';
import { type Ending, followCommand } from './followCommand.ts';
import type { Performing } from './performCheck.ts';
import { showEnding } from './showEnding.ts';
import { showEvent } from './showEvent.ts';
import { showPlan } from './showPlan.ts';

/** Gives the command, and follows it to its end. */
export async function performCommand(performing: Performing, request: CommandRequest): Promise<ExitCode> {
  const { around, client, isJson } = performing;
  const answer = await client.command(request);
  if (!answer.ok) {
    const { reportTrouble } = await import('../problems/reportTrouble.ts');
    return reportTrouble(around, {
      trouble: answer.trouble,
      isJson,
      ...(answer.trouble.kind === 'Refused' ? { ending: 'nothing was done' } : {}),
    });
  }
  const { command, plan } = answer.value;
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.plan/1', command, request, ...plan }));
  else around.out.print(...announce(request, answer.value, around));
  if (command === undefined) return planned(performing);

  // Until here ^C ends this process like any other; from here on there is something to say about it.
  const ending = await followCommand({
    client,
    signal: around.interrupted(),
    taken: { ...answer.value, command },
    tell: (event) =>
      around.out.print(
        ...(isJson
          ? [JSON.stringify({ schema: 'holdfast.event/1', ...event })]
          : showEvent(event, around.out)),
      ),
  });
  return conclude(performing, { request, ending, hadSteps: plan.steps.length > 0 });
}

function announce(
  { action, tag, dryRun }: CommandRequest,
  { plan }: CommandAnswer,
  { out }: Surroundings,
): string[] {
  const { steps, notes } = plan;
  if (steps.length === 0) return ['nothing to do', ...showPlan({ steps, notes }, out.width)];
  const where = [...new Set(steps.map(({ node }) => node))].join(' and ');
  const head = `${action} ${tag} on ${where}: ${count(steps.length, 'step')}`;
  return dryRun === true
    ? [head, ...showPlan(plan, out.width), 'nothing was done']
    : [out.paint.strong(head)];
}

function planned({ around, isJson }: Performing): ExitCode {
  if (isJson) around.out.print(resultLine({ exitCode: exitCodes.done, result: 'planned' }));
  return exitCodes.done;
}

function conclude(
  { around, isJson }: Performing,
  done: { request: CommandRequest; ending: Ending; hadSteps: boolean },
): ExitCode {
  const { ending, hadSteps, request } = done;
  const exitCode = exitCodeOfEnding(ending);
  if (isJson) {
    const result = ending.kind === 'ended' ? ending.event.result : ending.kind;
    const isIdle = result === 'done' && !hadSteps;
    const unmet = ending.kind === 'ended' ? ending.event.unmet : [];
    const why = ending.kind === 'lost' ? { why: ending.why } : {};
    around.out.print(resultLine({ exitCode, result: isIdle ? 'nothing-to-do' : result, unmet, ...why }));
  } else {
    const screen = exitCode === exitCodes.done ? around.out : around.err;
    screen.print(...showEnding(ending, { request, hadSteps, screen }));
  }
  return exitCode;
}

function exitCodeOfEnding(ending: Ending): ExitCode {
  switch (ending.kind) {
    case 'interrupted':
      return exitCodes.interrupted;
    case 'lost':
      return exitCodes.agentDown;
    case 'ended':
      return ending.event.result === 'done' ? exitCodes.done : exitCodes.failed;
  }
}
