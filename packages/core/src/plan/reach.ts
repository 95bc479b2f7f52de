import type { ResourceGraph } from '../graph/resourceGraph.ts';
import { isInService, isOut, type State, type Tag } from '../vocabulary.ts';

/** Where each resource stands on the node that is planned for. */
export type StateOf = (tag: Tag) => State;

/** The tag and all below it; with parents, also all above it with everything those need. */
export function reachOfRestore(
  graph: ResourceGraph,
  tag: Tag,
  reach: { parents: boolean },
): ReadonlySet<Tag> {
  const tops = reach.parents ? [tag, ...graph.above([tag])] : [tag];
  return new Set([...tops, ...graph.below(tops)]);
}

/**
 * The tags that must go, and everything that rests on them and may still run. A parent that needs any one of a
 * list stays as long as another of the list stays in service.
 */
export function reachOfRemove(graph: ResourceGraph, tags: Iterable<Tag>, stateOf: StateOf): ReadonlySet<Tag> {
  const going = new Set<Tag>();
  extendRemoval(graph, going, tags, stateOf);
  return going;
}

/** Adds the tags to what goes already, with everything that rests on them then; answers what was added. */
export function extendRemoval(
  graph: ResourceGraph,
  going: Set<Tag>,
  tags: Iterable<Tag>,
  stateOf: StateOf,
): readonly Tag[] {
  const added = [...tags].filter((tag) => !going.has(tag));
  for (const tag of added) going.add(tag);
  for (let at = 0; at < added.length; at += 1) {
    for (const parent of graph.parentsOf(added[at]!)) {
      if (going.has(parent) || isOut(stateOf(parent)) || canDoWithout(graph, parent, going, stateOf))
        continue;
      going.add(parent);
      added.push(parent);
    }
  }
  return added;
}

/** Whether a parent still has all that it needs when these are gone. */
export function canDoWithout(
  graph: ResourceGraph,
  parent: Tag,
  going: ReadonlySet<Tag>,
  stateOf: StateOf,
): boolean {
  if (graph.needsOf(parent).some((child) => going.has(child))) return false;
  const choices = graph.needsAnyOf(parent);
  return choices.length === 0 || choices.some((child) => !going.has(child) && isInService(stateOf(child)));
}
