import { byTag, type ResourceGraph } from '../graph/resourceGraph.ts';
import type { NodeName, StepId } from '../vocabulary.ts';
import type { Step } from './plan.ts';

/** Where more would have to wait for more than this in all, one remove waits for the others, and the rest for that one. */
const waitsMax = 1_000;

/** Where a hierarchy is removed on one node and restored on another, nothing of it is restored before all of it is removed. */
export function moveAsOne(graph: ResourceGraph, steps: readonly Step[]): readonly Step[] {
  const removing = new Set(steps.flatMap(({ action, node }) => (action === 'remove' ? [node] : [])));
  const isMove = steps.some(
    ({ action, node }) => action !== 'remove' && [...removing].some((other) => other !== node),
  );
  if (!isMove) return steps;
  const groupOf = new Map(
    graph.connected().flatMap((tags, index) => tags.map((tag) => [tag, index] as const)),
  );
  const groups = new Map<number, Step[]>();
  for (const step of steps) {
    const group = groupOf.get(step.tag)!;
    const mates = groups.get(group);
    if (mates === undefined) groups.set(group, [step]);
    else mates.push(step);
  }
  const waitsOf = new Map<StepId, readonly StepId[]>();
  for (const mates of groups.values())
    for (const [id, ids] of waitsOfHierarchy(graph, mates)) waitsOf.set(id, ids);
  return steps.map((step) => {
    const more = waitsOf.get(step.id);
    return more === undefined ? step : { ...step, after: [...new Set([...step.after, ...more])].sort(byTag) };
  });
}

/** What steps of one hierarchy wait for beyond its order on each node. */
function waitsOfHierarchy(
  graph: ResourceGraph,
  steps: readonly Step[],
): ReadonlyMap<StepId, readonly StepId[]> {
  const waits = new Map<StepId, readonly StepId[]>();
  const comes = steps.filter(({ action }) => action !== 'remove');
  for (const node of new Set(comes.map((step) => step.node))) {
    const here = comes.filter((step) => step.node === node);
    const restored = new Set(here.map(({ id }) => id));
    // The others of its hierarchy wait through the first ones.
    const first = here.filter(({ after }) => !after.some((id) => restored.has(id)));
    let last = lastRemoves(graph, steps, node);
    if (last.length * first.length > waitsMax) {
      const closing = last.at(-1)!;
      const others = last.slice(0, -1).map(({ id }) => id);
      waits.set(closing.id, others);
      last = [closing];
    }
    const ids = last.map(({ id }) => id);
    if (ids.length > 0) for (const { id } of first) waits.set(id, ids);
  }
  return waits;
}

/**
 * The removes on other nodes that nothing of the hierarchy there waits for, in the order of removal: also by what waits
 * in other hierarchies, the last of them waits for none of the others.
 */
function lastRemoves(graph: ResourceGraph, steps: readonly Step[], except: NodeName): readonly Step[] {
  const removes = steps.filter(({ action, node }) => action === 'remove' && node !== except);
  const waitedFor = new Set(removes.flatMap(({ after }) => after));
  const last = removes.filter(({ id }) => !waitedFor.has(id));
  if (last.length < 2) return last;
  const place = graph.placesFromAbove();
  return last.sort((a, b) => place.get(a.tag)! - place.get(b.tag)!);
}
