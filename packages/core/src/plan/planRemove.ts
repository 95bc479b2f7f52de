import type { Configuration } from '../document/configuration.ts';
import { ok, type Result, refuse } from '../problem.ts';
import { isOut, type NodeName, type Tag } from '../vocabulary.ts';
import { arrange } from './arrange.ts';
import { type Note, type Plan, type Reason, reason } from './plan.ts';
import { canDoWithout, reachOfRemove, type StateOf } from './reach.ts';

/** `above`: with all that rests on the tag. `only`: refuse if anything rests on it. `whole`: all below as well. */
export type RemoveReach = 'above' | 'only' | 'whole';

export type RemoveRequest = Readonly<{
  configuration: Configuration;
  node: NodeName;
  tag: Tag;
  stateOf: StateOf;
  reach: RemoveReach;
  basedOn: number;
}>;

/** What takes the tag out of service on this node; nothing when it is out already. */
export function planRemove(request: RemoveRequest): Result<Plan> {
  const { configuration, node, tag, stateOf, reach, basedOn } = request;
  const { graph } = configuration;
  const going = new Set(
    [...reachOfRemove(graph, [tag], stateOf)].filter((member) => member === tag || !isOut(stateOf(member))),
  );
  const parent = [...going].find((member) => member !== tag);
  if (reach === 'only' && parent !== undefined) {
    return refuse({
      code: 'PARENT_IN_SERVICE',
      path: tag,
      what: `${tag} alone cannot be removed`,
      why: `${parent} rests on it and is ${stateOf(parent)}`,
      todo: `remove ${parent} first, or remove ${tag} with all that rests on it`,
    });
  }

  const notes: Note[] = [];
  const above = graph.above([tag]);
  if (reach === 'whole') takeBelow();
  const choices = graph
    .parentsFirst()
    .filter((member) => going.has(member) && !isOut(stateOf(member)))
    .map((member) => ({ node, tag: member, action: 'remove', because: why(member) }) as const);
  if (choices.length === 0)
    notes.push({ tag, because: reason('already-out', `${tag} is out of service already`) });
  return ok({ goal: { kind: 'remove', tag }, basedOn, steps: arrange(graph, choices), notes });

  /** Parents before children: a child goes when all that needs it has gone, and stays when something else stays. */
  function takeBelow(): void {
    const below = graph.below([tag]);
    for (const member of graph.parentsFirst()) {
      if (!below.has(member) || isOut(stateOf(member))) continue;
      if (going.has(member)) continue;
      going.add(member);
      const stays = graph
        .parentsOf(member)
        .find((one) => !going.has(one) && !isOut(stateOf(one)) && !canDoWithout(graph, one, going, stateOf));
      if (stays === undefined) continue;
      going.delete(member);
      notes.push({ tag: member, because: reason('still-needed', `${stays} still needs it`, stays) });
    }
  }

  function why(member: Tag): Reason {
    if (member === tag) return reason('requested', 'requested');
    const child = graph.childrenOf(member).find((one) => going.has(one) && (one === tag || above.has(one)));
    if (child !== undefined) return reason('rests-on', `rests on ${child}`, child);
    return reason('goes-with', `the whole hierarchy of ${tag} goes`, tag);
  }
}
