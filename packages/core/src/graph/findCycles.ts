import type { Tag } from '../vocabulary.ts';
import { findKnots } from './findKnots.ts';
import { byTag, type ResourceGraph } from './resourceGraph.ts';

type Edges = ReadonlyMap<Tag, readonly Tag[]>;

/** Each cycle once, as a walk that returns to where it began: db, disk, lock, db. */
export function findCycles(graph: ResourceGraph): readonly (readonly Tag[])[] {
  const { stuck } = graph.peel();
  const waiting = new Map<Tag, readonly Tag[]>();
  for (const tag of stuck) {
    const below = [...graph.childrenOf(tag), ...graph.earlierThan(tag)].filter((one) => stuck.has(one));
    waiting.set(tag, [...new Set(below)].sort(byTag));
  }
  const knots = findKnots(stuck, (tag) => waiting.get(tag)!);
  return knots.map((knot) => walkOnce(waiting, new Set(knot))).sort((a, b) => byTag(a[0]!, b[0]!));
}

/** A knot of mutually needed resources may hold many cycles; the one through its first tag is enough to act on. */
function walkOnce(waiting: Edges, knot: ReadonlySet<Tag>): readonly Tag[] {
  const start = [...knot].sort(byTag)[0]!;
  const cameFrom = new Map<Tag, Tag>();
  const queue: Tag[] = [start];
  for (let at = 0; at < queue.length; at += 1) {
    for (const next of waiting.get(queue[at]!)!) {
      if (next === start) return retrace(cameFrom, start, queue[at]!);
      if (!knot.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, queue[at]!);
      queue.push(next);
    }
  }
  return [start, start];
}

function retrace(cameFrom: ReadonlyMap<Tag, Tag>, start: Tag, last: Tag): readonly Tag[] {
  const walk: Tag[] = [start];
  for (let tag: Tag = last; tag !== start; tag = cameFrom.get(tag)!) walk.push(tag);
  return [...walk, start].reverse();
}
