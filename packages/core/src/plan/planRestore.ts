import type { Configuration } from '../document/configuration.ts';
import { isInService, type NodeName, type Tag } from '../vocabulary.ts';
import { arrange } from './arrange.ts';
import { type Note, type Plan, type Reason, reason } from './plan.ts';
import { reachOfRestore, type StateOf } from './reach.ts';

export type RestoreRequest = Readonly<{
  configuration: Configuration;
  node: NodeName;
  tag: Tag;
  stateOf: StateOf;
  /** Also all above the tag, with everything those need. `perform_action -s` says no. */
  parents: boolean;
  basedOn: number;
}>;

/** What brings the tag into service on this node; nothing when it is in service already. */
export function planRestore(request: RestoreRequest): Plan {
  const { configuration, node, tag, stateOf, parents, basedOn } = request;
  const { graph } = configuration;
  const goal = { kind: 'restore', tag } as const;
  if (isInService(stateOf(tag))) {
    const above = [...graph.above([tag])].filter((parent) => !isInService(stateOf(parent)));
    const notes = above.map(
      (parent): Note => ({
        tag: parent,
        because: reason(
          'left-out',
          `${parent} is ${stateOf(parent)}, and ${tag} was in service already`,
          tag,
        ),
      }),
    );
    return {
      goal,
      basedOn,
      steps: [],
      notes: [{ tag, because: reason('already-in-service', `${tag} is in service already`) }, ...notes],
    };
  }

  const reach = reachOfRestore(graph, tag, { parents });
  const below = graph.below([tag]);
  const above = graph.above([tag]);
  const choices = graph
    .childrenFirst()
    .filter((member) => reach.has(member) && !isInService(stateOf(member)))
    .map((member) => ({ node, tag: member, action: 'restore', because: why(member) }) as const);
  const notes = parents
    ? []
    : [...above]
        .filter((parent) => !isInService(stateOf(parent)))
        .map(
          (parent): Note => ({
            tag: parent,
            because: reason('left-out', `${parent} needs ${tag}, and parents were left out`, tag),
          }),
        );
  return { goal, basedOn, steps: arrange(graph, choices), notes };

  function why(member: Tag): Reason {
    if (member === tag) return reason('requested', 'requested');
    const parent = graph.parentsOf(member).find((one) => reach.has(one));
    if (below.has(member) || !above.has(member)) return reason('needed-by', `${parent} needs it`, parent);
    const child = graph.childrenOf(member).find((one) => one === tag || above.has(one));
    return reason('rests-on', `rests on ${child}`, child);
  }
}
