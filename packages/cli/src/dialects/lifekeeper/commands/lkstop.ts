import { type Client, isListening, readStatusFile, TroubleError } from '@holdfast/client';
import type { AgentEvent } from '@holdfast/core';
import type { Surroundings } from '../../../program/surroundings.ts';
import { plain } from '../../../text/plain.ts';
import { wrap } from '../../../text/wrap.ts';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, refuse, report, succeed } from '../lcdi/defineCommand.ts';
import { waitFor } from '../waitFor.ts';

export const lkstop = defineCommand(
  {
    name: 'lkstop',
    synopsis: '[-f] [-n] [-r]',
    says: 'Takes all services of this node out in order and stops the agent. What was wanted in service stays wanted: lkstart brings it back. Other nodes take over only where the shutdown strategy says so: flg_create -f shutdown_switchover. With -f the services stay up, unwatched, and the next agent takes them over as they are.',
    values: {},
    flags: {
      f: 'Leave the services up',
      n: 'No other node takes over, whatever the strategy says',
      r: 'Take services out; the strategy says whether others take over, as without it',
    },
    changes: true,
    isLocal: true,
    examples: [
      ['lkstop', 'Before the machine goes down'],
      ['lkstop -f', 'To exchange the agent, services stay up'],
      ['lkstop --dry-run', 'What would be taken out, in which order?'],
    ],
  },
  async (call) => {
    const { around, client, dryRun } = call;
    const services = call.flags.has('f') ? 'leave' : 'takeDown';
    const stays = call.flags.has('n') ? { switchover: false } : {};
    const answer = await client.stop({ services, ...stays, dryRun, by: around.by });
    if (!answer.ok) {
      if (answer.trouble.kind !== 'AgentDown') return report(call, answer.trouble);
      return succeed(call, { result: 'nothing-to-do', lines: ['nothing to do: the agent is not running'] });
    }
    const { plan, fromEvent } = answer.value;
    const { showPlan } = await import('../../../follow/showPlan.ts');
    if (dryRun) {
      const lines = [...showPlan(plan, around.out.width), 'nothing was done'];
      return succeed(call, { result: 'planned', lines, more: { plan } });
    }
    // Before it is followed: an agent that is quickly done may be gone before it can be listened to.
    if (call.isJson) around.out.print(JSON.stringify({ schema: 'holdfast.plan/1', ...plan }));
    else around.out.print(...showPlan(plan, around.out.width));
    const told = await followStop({ around, client, fromEvent, isJson: call.isJson });
    const isGone = await waitFor(async () => (await isListening(around.paths.socket)) === 'no', 15_000);
    const left = told ?? (isGone ? await leftBehind(around.paths.statusFile) : undefined);
    if (left !== undefined && left.length === 0 && isGone) return succeed(call, { lines: ['stopped'] });
    if (services === 'leave' && left !== undefined && isGone)
      return succeed(call, { lines: ['stopped; services stay up'], more: { left } });
    return refuse(call, lcdiCodes.failed, {
      code: 'NOT_STOPPED',
      what: isGone ? 'The agent has stopped, and not all was taken out' : 'The agent has not stopped yet',
      why:
        left?.map(({ tag, state, says }) => `${tag} is ${state}: ${plain(says)}`).join('; ') ||
        'its events ended before it said how it went',
      todo: 'see what is with it: lcdstatus',
    });
  },
);

type Left = Extract<AgentEvent, { kind: 'agent-stopped' }>['left'];

/** An agent that stops at once may be gone before it could be listened to: what it wrote last says how it went. */
async function leftBehind(statusFile: string): Promise<Left | undefined> {
  const file = await readStatusFile(statusFile);
  if (!file.ok || file.value.status.agent.phase !== 'stopped') return undefined;
  return file.value.status.resources
    .filter(({ state }) => state !== 'OSU')
    .map(({ tag, state, reason }) => ({ tag, state, says: reason }));
}

/** Shows the steps until the agent says that it has stopped, and answers what it left; undefined when it did not say. */
async function followStop(given: {
  around: Surroundings;
  client: Client;
  fromEvent: number;
  isJson: boolean;
}): Promise<Left | undefined> {
  const { around, client, fromEvent, isJson } = given;
  const { showEvent } = await import('../../../follow/showEvent.ts');
  const signal = around.interrupted();
  try {
    for await (const event of client.events(fromEvent, signal)) {
      around.out.print(
        ...(isJson
          ? [JSON.stringify({ schema: 'holdfast.event/1', ...event })]
          : showEvent(event, around.out)),
      );
      if (event.kind === 'agent-stopped') return event.left;
    }
  } catch (error) {
    if (!(error instanceof TroubleError)) throw error;
  }
  if (signal.aborted && !isJson)
    around.err.print(
      ...wrap('not followed any more: the agent goes on stopping', { first: '', width: around.err.width }),
    );
  return undefined;
}
