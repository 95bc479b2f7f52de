import type { ResourceStatus } from '@holdfast/core';
import { type LcdiCode, lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, misuse, refuse, report, succeed } from '../lcdi/defineCommand.ts';
import { parentsAbove } from '../parentsAbove.ts';

const wanted = ['ISP', 'ISU', 'OSU'] as const;
type Wanted = (typeof wanted)[number];

export const insSetstate = defineCommand(
  {
    name: 'ins_setstate',
    synopsis: '-t TAG -S ISP|ISU|OSU [-R REASON] [-A]',
    says: 'Where LifeKeeper writes a state without acting, this pauses and resumes protection, which is what that is used for. ISU and OSU: a resource in service is paused; it goes on serving and is shown as ISU. ISP: its protection resumes, after a check. A state is never written against what is so.',
    values: {
      t: ['TAG', 'The resource'],
      S: ['STATE', 'ISP, ISU or OSU'],
      R: ['REASON', 'Kept with the pause'],
    },
    flags: { A: 'With all that depends on it' },
    required: ['t', 'S'],
    changes: true,
    examples: [
      ["ins_setstate -t mail -S ISU -R 'new disk'", 'Work on mail: nothing acts on it'],
      ['ins_setstate -t mail -S ISP', 'The work is done'],
    ],
  },
  async (call) => {
    const { t: tag = '', S: state = '', R: reason = '' } = call.values;
    if (!isWanted(state)) return misuse(call, '-S takes ISP, ISU or OSU; only the agent finds a failure');
    const status = await call.client.status();
    if (!status.ok) return report(call, status.trouble);
    const { resources } = status.value;
    const named = resources.find((resource) => resource.tag === tag);
    if (named === undefined) {
      return refuse(call, lcdiCodes.missing, {
        code: 'UNKNOWN_RESOURCE',
        what: `There is no resource ${tag}`,
        why: 'the configuration describes none with this tag',
        todo: 'list the tags: ins_list -f:',
      });
    }
    const all = call.flags.has('A') ? [named, ...parentsAbove(resources, tag)] : [named];
    // With -A, a state is for those that it can be for.
    const doings = all
      .map((resource) => ({ resource, doing: doingFor(resource, state) }))
      .filter(({ resource, doing }) => resource === named || doing.kind !== 'refuse');
    const forbidden = doings.find(({ doing }) => doing.kind === 'refuse');
    if (forbidden?.doing.kind === 'refuse') {
      return refuse(call, lcdiCodes.badArgument, {
        code: 'STATE_NOT_WRITTEN',
        what: `${forbidden.resource.tag} cannot be written as ${state}`,
        why: `it is ${forbidden.resource.state}: ${forbidden.resource.reason}`,
        todo: forbidden.doing.todo,
      });
    }
    const lines: string[] = [];
    for (const { resource, doing } of doings) {
      if (doing.kind === 'nothing') continue;
      const verb = doing.kind;
      lines.push(`${call.dryRun ? 'would be ' : ''}${verb}d: ${resource.tag}`);
      if (call.dryRun) continue;
      const asked = { tag: resource.tag, by: call.around.by };
      const answer =
        verb === 'pause'
          ? await call.client.pause({ ...asked, why: reason })
          : await call.client.resume(asked);
      if (!answer.ok) return report(call, answer.trouble);
    }
    return told(call, lines);
  },
);

type Doing = Readonly<{ kind: 'pause' | 'resume' | 'nothing' }> | Readonly<{ kind: 'refuse'; todo: string }>;

function doingFor({ tag, state, paused }: ResourceStatus, wantedState: Wanted): Doing {
  const serves = state === 'ISP' || state === 'ISU';
  if (wantedState === 'ISP') {
    if (paused !== undefined) return { kind: 'resume' };
    return serves
      ? { kind: 'nothing' }
      : { kind: 'refuse', todo: `bring it into service: perform_action -t ${tag} -a restore` };
  }
  if (serves) return { kind: paused === undefined ? 'pause' : 'nothing' };
  if (wantedState === 'OSU' && state === 'OSU') return { kind: 'nothing' };
  const todo =
    wantedState === 'OSU'
      ? `take it out, so that it is surely out: perform_action -t ${tag} -a remove`
      : `restore it first, or pause it as it is: holdfast pause ${tag}`;
  return { kind: 'refuse', todo };
}

function told(
  call: Parameters<typeof succeed>[0] & { dryRun: boolean },
  lines: readonly string[],
): Promise<LcdiCode> {
  if (lines.length === 0)
    return succeed(call, { result: 'nothing-to-do', lines: ['nothing to do: it is so'] });
  return succeed(call, { result: call.dryRun ? 'planned' : 'done', lines });
}

function isWanted(state: string): state is Wanted {
  return wanted.includes(state as Wanted);
}
