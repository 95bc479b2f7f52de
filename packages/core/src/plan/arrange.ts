import { byTag, type ResourceGraph } from '../graph/resourceGraph.ts';
import type { NodeName, StepAction, StepId, Tag } from '../vocabulary.ts';
import { type Choice, type Step, stepId } from './plan.ts';

/**
 * Puts choices in order. The only place where the order of the graph becomes the order of steps:
 *
 *   remove of a child      waits for the removes of its parents, and of what comes after it
 *   restore of a parent    waits for the restores of its children, and of what it comes after
 *   restore after remove   of the same resource on one node, waits for the remove
 *   restore on one node    waits for the last removes on the others: a hierarchy moves as one
 */
export function arrange(graph: ResourceGraph, choices: readonly Choice[]): readonly Step[] {
  const byPlace = new Map<string, Choice[]>();
  for (const choice of choices) {
    const place = placeOf(choice.node, choice.tag);
    const there = byPlace.get(place);
    if (there === undefined) byPlace.set(place, [choice]);
    else there.push(choice);
  }
  const idsAt = (node: NodeName, tags: readonly Tag[], actions: readonly StepAction[]): StepId[] =>
    tags.flatMap((tag) =>
      (byPlace.get(placeOf(node, tag)) ?? []).filter(({ action }) => actions.includes(action)).map(stepId),
    );

  const steps = choices.map(({ node, tag, action, because }): Step => {
    const id = stepId({ node, tag, action });
    const after =
      action === 'remove'
        ? idsAt(node, [...graph.parentsOf(tag), ...graph.laterThan(tag)], ['remove'])
        : [
            ...idsAt(node, [...graph.childrenOf(tag), ...graph.earlierThan(tag)], ['restore', 'recover']),
            ...idsAt(node, [tag], ['remove']),
          ];
    return { id, node, tag, action, after: [...new Set(after)].sort(byTag), because };
  });
  return inOrder(moveAsOne(graph, steps));
}

/** Where a plan removes on one node and restores on another, nothing is restored before all is removed. */
function moveAsOne(graph: ResourceGraph, steps: readonly Step[]): readonly Step[] {
  const removes = steps.filter(({ action }) => action === 'remove');
  const nodes = [...new Set(removes.map(({ node }) => node))];
  if (!steps.some(({ action, node }) => action !== 'remove' && nodes.some((other) => other !== node)))
    return steps;
  const waitedFor = new Set(removes.flatMap(({ after }) => after));
  const last = removes.filter(({ id }) => !waitedFor.has(id));
  const groupOf = new Map(
    graph.connected().flatMap((tags, index) => tags.map((tag) => [tag, index] as const)),
  );
  const restored = new Map(
    steps.filter(({ action }) => action !== 'remove').map(({ id, tag }) => [id, groupOf.get(tag)]),
  );
  return steps.map((step) => {
    const group = groupOf.get(step.tag);
    // The others of its hierarchy wait through the first ones.
    if (step.action === 'remove' || step.after.some((id) => restored.get(id) === group)) return step;
    const elsewhere = last.filter(({ node, tag }) => node !== step.node && groupOf.get(tag) === group);
    return { ...step, after: [...step.after, ...elsewhere.map(({ id }) => id)].sort(byTag) };
  });
}

/** A step stands after all that it waits for; among equals, as the planner chose them. */
function inOrder(steps: readonly Step[]): readonly Step[] {
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
  if (ordered.length !== steps.length) throw new Error('steps wait for each other: the graph has a cycle');
  return ordered;
}

function placeOf(node: NodeName, tag: Tag): string {
  return `${node}\n${tag}`;
}
