import type { Configuration } from '../document/configuration.ts';
import { nearest } from '../document/nearest.ts';
import type { Plan, Reason } from '../plan/plan.ts';
import { planMove } from '../plan/planMove.ts';
import { planRemove, type RemoveReach } from '../plan/planRemove.ts';
import { planRestore } from '../plan/planRestore.ts';
import { reachOfRestore } from '../plan/reach.ts';
import { ok, type Problem, type Result, refuse } from '../problem.ts';
import {
  type HierarchyId,
  isInService,
  isOut,
  type NodeName,
  type State,
  type Tag,
  type Want,
} from '../vocabulary.ts';
import { whyNotEligible, whyUnable } from './eligible.ts';
import type { Pause, View } from './view.ts';

export type Command =
  | Readonly<{
      action: 'restore';
      tag: Tag;
      parents: boolean;
      refuseIfElsewhere: boolean;
      /** Where it is to run; the node of the view when left out. */
      node?: NodeName;
    }>
  | Readonly<{
      action: 'remove';
      tag: Tag;
      reach: RemoveReach;
      /** Only what runs on the node of the view. */
      here?: boolean;
    }>;

/** A hierarchy that is to go to a node: kept until it is reached or refused. */
export type NodeRequest = Readonly<{ id: HierarchyId; node: NodeName }>;

/** What a command means now: the plan that it leads to, and the intents by which it leads there. */
export type Answer = Readonly<{
  plan: Plan;
  want: Want;
  intents: readonly Tag[];
  request?: NodeRequest;
}>;

/**
 * A command changes intent and nothing else; the loop does the rest. The plan is for people: `--dry-run` shows it,
 * and the loop comes to the same steps from the same view.
 */
export function answerCommand(configuration: Configuration, view: View, command: Command): Result<Answer> {
  if (!configuration.resources.has(command.tag)) return refuse(unknownResource(configuration, command.tag));
  const stateOn =
    (node: NodeName) =>
    (tag: Tag): State =>
      view.states[node]?.[tag]?.state ?? 'ILLSTATE';
  return command.action === 'restore' ? answerRestore() : answerRemove();

  function answerRestore(): Result<Answer> {
    const {
      tag,
      parents,
      refuseIfElsewhere,
      node = view.node,
    } = command as Extract<Command, { action: 'restore' }>;
    const owner = ownerOf(view, tag);
    const isElsewhere = owner !== undefined && owner !== node;
    if (isElsewhere && (refuseIfElsewhere || view.nodes[owner]?.alive !== 'yes'))
      return refuse(ownedElsewhere(tag, owner, refuseIfElsewhere));
    if (view.nodes[node]?.mode === 'standby') return refuse(isOnStandby(tag, node));
    const request = requestFor(tag, node, owner);
    if (request !== undefined && !request.ok) return request;
    const stateOf = stateOn(node);
    const asked = { configuration, tag, basedOn: view.basedOn };
    const plan = isElsewhere
      ? planMove({ ...asked, from: owner, to: node, stateOn })
      : planRestore({ ...asked, node, stateOf, parents });
    const paused = plan.steps.find((step) => view.paused?.[step.tag] !== undefined);
    if (paused !== undefined) return refuse(isPaused(tag, paused.tag, view.paused![paused.tag]!));
    const stepped = new Set(plan.steps.filter(({ action }) => action !== 'remove').map((step) => step.tag));
    // What is up already, and was to go, stays: something that needs it comes, or is there.
    const reach = reachOfRestore(configuration.graph, tag, { parents: parents && plan.steps.length > 0 });
    const stays = (member: Tag) => isInService(stateOf(member)) && view.intents[member]?.want !== 'inService';
    const came = [...reach].filter((member) => stepped.has(member) || stays(member));
    const intents = isElsewhere ? [...stepped] : came;
    const isRequested = request !== undefined && plan.steps.length > 0;
    return ok({ plan, want: 'inService', intents, ...(isRequested ? { request: request.value } : {}) });
  }

  /** Where there is one node, or it is there already, nobody has to be asked. */
  function requestFor(
    tag: Tag,
    node: NodeName,
    owner: NodeName | undefined,
  ): Result<NodeRequest> | undefined {
    if (configuration.nodes.length < 2 || owner === node) return undefined;
    const { id } = view.hierarchies.find(({ tags }) => tags.includes(tag))!;
    const hierarchy = configuration.hierarchies.find(({ tags }) => tags.includes(tag))!;
    // A failure that is remembered keeps the engine away, and not the operator.
    const { failedOn: _, ...unburdened } = view;
    // What serves elsewhere is not taken down for a node that says that it could not run it.
    const why = (owner === undefined ? whyUnable : whyNotEligible)({ id, hierarchy }, node, unburdened);
    if (why === undefined) return ok({ id, node });
    const isUnready = whyUnable({ id, hierarchy }, node, unburdened) === undefined;
    return refuse(isUnready ? isNotReady(tag, node, why) : isNotEligible(tag, node, why));
  }

  function answerRemove(): Result<Answer> {
    const { tag, reach, here } = command as Extract<Command, { action: 'remove' }>;
    const node = ownerOf(view, tag) ?? view.node;
    if (here === true && node !== view.node) return ok(runsOnlyElsewhere(tag, node, view.basedOn));
    const stateOf = stateOn(node);
    const asked = { configuration, node, tag, reach, basedOn: view.basedOn };
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

/** Who has it, as far as is known: the claim is unclean, and its node is not surely down. */
function ownerOf(view: View, tag: Tag): NodeName | undefined {
  const hierarchy = view.hierarchies.find(({ tags }) => tags.includes(tag));
  const claim = hierarchy === undefined ? undefined : view.claims[hierarchy.id];
  if (claim === undefined || claim.clean) return undefined;
  return view.nodes[claim.node]?.alive === 'gone' ? undefined : claim.node;
}

/** Who asks on one node does not take down what runs on another. */
function runsOnlyElsewhere(tag: Tag, node: NodeName, basedOn: number): Answer {
  const because: Reason = { code: 'owned-elsewhere', says: `it is on ${node}, and nothing of it runs here` };
  const plan: Plan = { goal: { kind: 'remove', tag }, basedOn, steps: [], notes: [{ tag, because }] };
  return { plan, want: 'outOfService', intents: [] };
}

function isNotEligible(tag: Tag, node: NodeName, why: string): Problem {
  return {
    code: 'NOT_ELIGIBLE',
    path: tag,
    what: `${tag} cannot be brought up on ${node}`,
    why,
    todo: 'name a node that is up and may run it: holdfast status shows the nodes',
  };
}

function isNotReady(tag: Tag, node: NodeName, why: string): Problem {
  return {
    code: 'NOT_ELIGIBLE',
    path: tag,
    what: `${tag} is in service elsewhere, and is not taken down for ${node}`,
    why,
    todo: `mend that on ${node}, and have it looked at again there: perform_action -t ${tag} -a preflight`,
  };
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
