import type { Configuration } from '../document/configuration.ts';
import { isInService, isOut, type NodeName, type Tag } from '../vocabulary.ts';
import { arrange } from './arrange.ts';
import { type Choice, type Plan, reason } from './plan.ts';
import type { StateOf } from './reach.ts';

export type MoveRequest = Readonly<{
  configuration: Configuration;
  tag: Tag;
  from: NodeName;
  to: NodeName;
  stateOn: (node: NodeName) => StateOf;
  basedOn: number;
}>;

/**
 * Takes the whole hierarchy of the tag down on one node and brings up on the other what was in service, and
 * the tag with all it needs. Nothing is restored before everything is removed: a hierarchy moves as one.
 */
export function planMove({ configuration, tag, from, to, stateOn, basedOn }: MoveRequest): Plan {
  const { graph, hierarchies } = configuration;
  const members = new Set(hierarchies.find(({ tags }) => tags.includes(tag))?.tags ?? []);
  const there = stateOn(from);
  const here = stateOn(to);
  const childrenFirst = graph.childrenFirst().filter((member) => members.has(member));
  const wasUp = childrenFirst.filter((member) => isInService(there(member)));
  const tops = [tag, ...wasUp];
  const wanted = new Set([...tops, ...graph.below(tops)]);

  const removes = graph.parentsFirst().filter((member) => members.has(member) && !isOut(there(member)));
  const restores = childrenFirst.filter((member) => wanted.has(member) && !isInService(here(member)));
  const choices: Choice[] = [
    ...removes.map(
      (member): Choice => ({
        node: from,
        tag: member,
        action: 'remove',
        because:
          member === tag ? reason('requested', 'requested') : reason('goes-with', `moves with ${tag}`, tag),
      }),
    ),
    ...restores.map(
      (member): Choice => ({
        node: to,
        tag: member,
        action: 'restore',
        because:
          member === tag ? reason('requested', 'requested') : reason('goes-with', `moves with ${tag}`, tag),
      }),
    ),
  ];
  return { goal: { kind: 'move', tag, to }, basedOn, steps: arrange(graph, choices), notes: [] };
}
