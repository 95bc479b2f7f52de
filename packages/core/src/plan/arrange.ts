import { byTag, type ResourceGraph } from '../graph/resourceGraph.ts';
import type { NodeName, StepAction, StepId, Tag } from '../vocabulary.ts';
import { moveAsOne } from './moveAsOne.ts';
import { type Choice, type Step, stepId } from './plan.ts';

/**
 * Puts choices in order. The only place where the order of the graph becomes the order of steps:
 *
 *   remove of a child      waits for the removes of its parents, and of what comes after it
 *   restore of a parent    waits for the restores of its children, and of what it comes after
 *   restore after remove   of the same resource on one node, waits for the remove
 *   restore on one node    waits for the last removes on the others: a hierarchy moves as one
 *
 * Parents and children are on one node; what comes after something may be on another.
 */
export function arrange(graph: ResourceGraph, choices: readonly Choice[]): readonly Step[] {
  const ordered = inOrder(order(graph, choices));
  if (ordered === undefined) throw new Error('steps wait for each other: the graph has a cycle');
  return ordered;
}

/**
 * Gives each choice what it waits for, and leaves them where they stand. What is not held is left out before a hierarchy
 * is made to move as one: there a step waits through others, and may not lose them later.
 */
export function order(
  graph: ResourceGraph,
  choices: readonly Choice[],
  isHeld: (waiting: StepId, awaited: StepId) => boolean = () => true,
): readonly Step[] {
  const byTagOf = new Map<Tag, Choice[]>();
  for (const choice of choices) {
    const there = byTagOf.get(choice.tag);
    if (there === undefined) byTagOf.set(choice.tag, [choice]);
    else there.push(choice);
  }
  const idsOf = (tags: readonly Tag[], actions: readonly StepAction[], node?: NodeName): StepId[] =>
    tags.flatMap((tag) =>
      (byTagOf.get(tag) ?? [])
        .filter((choice) => actions.includes(choice.action) && (node === undefined || choice.node === node))
        .map(stepId),
    );
  const up: readonly StepAction[] = ['restore', 'recover'];
  const steps = choices.map(({ node, tag, action, because }): Step => {
    const id = stepId({ node, tag, action });
    const after =
      action === 'remove'
        ? [...idsOf(graph.parentsOf(tag), ['remove'], node), ...idsOf(graph.laterThan(tag), ['remove'])]
        : [
            ...idsOf(graph.childrenOf(tag), up, node),
            ...idsOf(graph.earlierThan(tag), up),
            ...idsOf([tag], ['remove'], node),
          ];
    const held = [...new Set(after)].filter((awaited) => isHeld(id, awaited));
    return { id, node, tag, action, after: held.sort(byTag), because };
  });
  return moveAsOne(graph, steps);
}

/** A step stands after all that it waits for; among equals, as the planner chose them. Undefined when there is no such order. */
export function inOrder(steps: readonly Step[]): readonly Step[] | undefined {
  const waits = new Map(steps.map(({ id, after }) => [id, after.length]));
  const waiters = new Map<StepId, Step[]>();
  for (const step of steps) {
    for (const id of step.after) {
      const others = waiters.get(id);
      if (others === undefined) waiters.set(id, [step]);
      else others.push(step);
    }
  }
  const ordered = steps.filter(({ after }) => after.length === 0);
  for (let at = 0; at < ordered.length; at += 1) {
    for (const waiter of waiters.get(ordered[at]!.id) ?? []) {
      const left = waits.get(waiter.id)! - 1;
      waits.set(waiter.id, left);
      if (left === 0) ordered.push(waiter);
    }
  }
  return ordered.length === steps.length ? ordered : undefined;
}
