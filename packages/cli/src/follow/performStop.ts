import { readStatusFile, TroubleError } from '@holdfast/client';
import type { AgentEvent, Status, StopRequest } from '@holdfast/core';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { resultLine } from '../problems/resultLine.ts';
import { count } from '../text/count.ts';
import { plain } from '../text/plain.ts';
import { wrap } from '../text/wrap.ts';
import type { Performing } from './performCheck.ts';
import { showEvent } from './showEvent.ts';
import { showPlan } from './showPlan.ts';

type Left = Pick<Extract<AgentEvent, { kind: 'agent-stopped' }>, 'left'>;

/** Tells the agent to stop, and follows it until it says what it leaves behind. */
export async function performStop(
  { around, client, isJson }: Performing,
  request: StopRequest,
): Promise<ExitCode> {
  const answer = await client.stop(request);
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { plan, fromEvent } = answer.value;
  const { out } = around;
  if (isJson) out.print(JSON.stringify({ schema: 'holdfast.plan/1', request, ...plan }));
  if (request.dryRun === true) {
    if (isJson) out.print(resultLine({ exitCode: exitCodes.done, result: 'planned' }));
    else
      out.print(
        ...showPlan(plan, out.width),
        ...(plan.steps.length === 0 ? ['no service goes down'] : []),
        'nothing was done',
      );
    return exitCodes.done;
  }
  if (!isJson && plan.steps.length > 0)
    out.print(out.paint.strong(`the agent stops: ${count(plan.steps.length, 'step')}`));
  const end = await follow();
  if (end === 'interrupted') {
    if (isJson) out.print(resultLine({ exitCode: exitCodes.interrupted, result: 'interrupted' }));
    else around.err.print('not followed any more: the agent goes on stopping');
    return exitCodes.interrupted;
  }
  return conclude(end);

  async function follow(): Promise<Left | 'lost' | 'interrupted'> {
    const signal = around.interrupted();
    try {
      for await (const event of client.events(fromEvent, signal)) {
        if (isJson) out.print(JSON.stringify({ schema: 'holdfast.event/1', ...event }));
        else if (event.kind !== 'agent-stopping') out.print(...showEvent(event, out));
        if (event.kind === 'agent-stopped') return event;
      }
    } catch (error) {
      if (!(error instanceof TroubleError)) throw error;
    }
    return signal.aborted ? 'interrupted' : leftBehind(around);
  }

  /** An agent that is gone has stopped, whether or not its last word came through. */
  function conclude(end: Left | 'lost'): ExitCode {
    const left = end === 'lost' ? [] : end.left;
    const isDone = request.services === 'leave' || (end !== 'lost' && left.length === 0);
    const exitCode = isDone ? exitCodes.done : exitCodes.failed;
    if (isJson) {
      out.print(resultLine({ exitCode, result: end === 'lost' ? 'lost' : isDone ? 'done' : 'failed', left }));
      return exitCode;
    }
    const screen = isDone ? out : around.err;
    const says =
      end === 'lost'
        ? 'the agent is gone; it said no last word'
        : left.length === 0
          ? 'the agent has stopped; nothing runs'
          : 'the agent has stopped; still there:';
    screen.print(
      says,
      ...left.flatMap((one) =>
        wrap(`${one.tag} is ${one.state}${one.says === '' ? '' : `: ${plain(one.says)}`}`, {
          first: '  ',
          width: screen.width,
          hang: 6,
        }),
      ),
    );
    return exitCode;
  }
}

/** An agent may be gone before anybody could listen; what it wrote last says the same as its last word. */
async function leftBehind({ paths }: Performing['around']): Promise<Left | 'lost'> {
  const read = await readStatusFile(paths.statusFile);
  if (!read.ok || read.value.status.agent.phase !== 'stopped') return 'lost';
  return { left: read.value.status.resources.filter(({ state }) => state !== 'OSU').map(sayLeft) };
}

function sayLeft({ tag, state, reason }: Status['resources'][number]) {
  return { tag, state, says: reason };
}
