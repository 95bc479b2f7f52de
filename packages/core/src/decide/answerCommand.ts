import type { Configuration } from '../document/configuration.ts';
import { nearest } from '../document/nearest.ts';
import type { Plan } from '../plan/plan.ts';
import { planRemove, type RemoveReach } from '../plan/planRemove.ts';
import { planRestore } from '../plan/planRestore.ts';
import { reachOfRestore } from '../plan/reach.ts';
import { ok, type Problem, type Result, refuse } from '../problem.ts';
import { isInService, isOut, type State, type Tag, type Want } from '../vocabulary.ts';
import type { Pause, View } from './view.ts';

export type Command =
  | Readonly<{ action: 'restore'; tag: Tag; parents: boolean; refuseIfElsewhere: boolean }>
  | Readonly<{ action: 'remove'; tag: Tag; reach: RemoveReach }>;

/** What a command means now: the plan that it leads to, and the intents by which it leads there. */
export type Answer = Readonly<{ plan: Plan; want: Want; intents: readonly Tag[] }>;

/**
 * A command changes intent and nothing else; the loop does the rest. The plan is for people: `--dry-run` shows it,
 * and the loop comes to the same steps from the same view.
 */
export function answerCommand(configuration: Configuration, view: View, command: Command): Result<Answer> {
  if (!configuration.resources.has(command.tag)) return refuse(unknownResource(configuration, command.tag));
  const stateOf = (tag: Tag): State => view.states[view.node]?.[tag]?.state ?? 'ILLSTATE';
  return command.action === 'restore' ? answerRestore() : answerRemove();

  function answerRestore(): Result<Answer> {
    const { tag, parents, refuseIfElsewhere } = command as Extract<Command, { action: 'restore' }>;
    const elsewhere = ownerElsewhere(view, tag);
    if (elsewhere !== undefined) return refuse(ownedElsewhere(tag, elsewhere, refuseIfElsewhere));
    if (view.nodes[view.node]?.mode === 'standby') return refuse(isOnStandby(tag, view.node));
    const plan = planRestore({
      configuration,
      node: view.node,
      tag,
      stateOf,
      parents,
      basedOn: view.basedOn,
    });
    const paused = plan.steps.find((step) => view.paused?.[step.tag] !== undefined);
    if (paused !== undefined) return refuse(isPaused(tag, paused.tag, view.paused![paused.tag]!));
    const stepped = new Set(plan.steps.map((step) => step.tag));
    // What is up already, and was to go, stays: something that needs it comes, or is there.
    const reach = reachOfRestore(configuration.graph, tag, { parents: parents && plan.steps.length > 0 });
    const stays = (member: Tag) => isInService(stateOf(member)) && view.intents[member]?.want !== 'inService';
    const intents = [...reach].filter((member) => stepped.has(member) || stays(member));
    return ok({ plan, want: 'inService', intents });
  }

  function answerRemove(): Result<Answer> {
    const { tag, reach } = command as Extract<Command, { action: 'remove' }>;
    const asked = { configuration, node: view.node, tag, reach, basedOn: view.basedOn };
    const planned = planRemove({ ...asked, stateOf });
    if (!planned.ok || reach === 'only') {
      return planned.ok ? ok({ plan: planned.value, want: 'outOfService', intents: [tag] }) : planned;
    }
    // What is out and waits to come, or is on its way, counts as if it were there: it would come back unasked.
    const soon = (member: Tag): State =>
      view.intents[member]?.want === 'inService' && isOut(stateOf(member)) ? 'ISP' : stateOf(member);
    const meant = planRemove({ ...asked, stateOf: soon });
    const steps = [...planned.value.steps, ...(meant.ok ? meant.value.steps : [])];
    const intents = new Set([tag, ...steps.map((step) => step.tag)]);
    return ok({ plan: planned.value, want: 'outOfService', intents: [...intents] });
  }
}

function ownerElsewhere(view: View, tag: Tag): string | undefined {
  const hierarchy = view.hierarchies.find(({ tags }) => tags.includes(tag));
  const claim = hierarchy === undefined ? undefined : view.claims[hierarchy.id];
  if (claim === undefined || claim.clean || claim.node === view.node) return undefined;
  return view.nodes[claim.node]?.alive === 'gone' ? undefined : claim.node;
}

function isOnStandby(tag: Tag, node: string): Problem {
  return {
    code: 'NODE_STANDBY',
    path: tag,
    what: `${tag} cannot be restored on ${node} now`,
    why: `${node} gives away what it has and takes nothing`,
    todo: 'if its agent is stopping, restore it when an agent was started again',
  };
}

function isPaused(tag: Tag, paused: Tag, { by, why }: Pause): Problem {
  return {
    code: 'PAUSED',
    path: paused,
    what: `${tag} cannot be restored while ${paused} is paused`,
    why: `${by} paused it${why === '' ? '' : `: ${why}`}`,
    todo: `holdfast resume ${paused}`,
  };
}

function ownedElsewhere(tag: Tag, node: string, wasForbidden: boolean): Problem {
  return {
    code: 'ELSEWHERE',
    path: tag,
    what: `${tag} belongs to ${node} now`,
    why: `${node} holds the claim of its hierarchy`,
    todo: wasForbidden ? `run the command without -n to move it here` : `remove it on ${node} first`,
  };
}

export function unknownResource(configuration: Pick<Configuration, 'resources'>, tag: string): Problem {
  const guess = nearest(tag, [...configuration.resources.keys()]);
  return {
    code: 'UNKNOWN_RESOURCE',
    path: tag,
    what: `There is no resource ${tag}`,
    why: 'the configuration describes none with this tag',
    todo: guess === undefined ? 'list the tags with lcdstatus -q' : `did you mean ${guess}?`,
  };
}
