import { alg, Graph } from '@dagrejs/graphlib';
import type { Tag } from '../vocabulary.ts';
import { byTag, type ResourceGraph } from './resourceGraph.ts';

type Edges = ReadonlyMap<Tag, readonly Tag[]>;

/** graphlib looks for circles by calls within calls, which end the process when they are too many. */
const knotsMax = 5_000;

/**
 * Each cycle once, as a walk that returns to where it began: db, disk, lock, db. Where more resources are in circles
 * than anybody could have meant, one circle is told: the next is found when that is mended.
 */
export function findCycles(graph: ResourceGraph): readonly (readonly Tag[])[] {
  const waiting = edgesBetween(graph, onCircles(graph));
  if (waiting.size === 0) return [];
  const tags = [...waiting.keys()].sort(byTag);
  if (tags.length > knotsMax) return [anyCircle(waiting, tags[0]!)];
  const knots = alg.findCycles(graphOf(waiting)) as unknown as Tag[][];
  return knots.map((knot) => walkOnce(waiting, new Set(knot))).sort((a, b) => byTag(a[0]!, b[0]!));
}

/** What is left when all is taken away that waits for no circle, and then all that no circle waits for. */
function onCircles(graph: ResourceGraph): ReadonlySet<Tag> {
  const { stuck } = graph.peel();
  const edges = edgesBetween(graph, stuck);
  const waiters = new Map<Tag, number>([...stuck].map((tag) => [tag, 0]));
  for (const below of edges.values()) for (const tag of below) waiters.set(tag, waiters.get(tag)! + 1);
  const left = new Set(stuck);
  const free = [...stuck].filter((tag) => waiters.get(tag) === 0);
  for (let tag = free.pop(); tag !== undefined; tag = free.pop()) {
    left.delete(tag);
    for (const below of edges.get(tag)!) {
      waiters.set(below, waiters.get(below)! - 1);
      if (waiters.get(below) === 0) free.push(below);
    }
  }
  return left;
}

function edgesBetween(graph: ResourceGraph, tags: ReadonlySet<Tag>): Edges {
  return new Map(
    [...tags].map((tag) => {
      const below = [...graph.childrenOf(tag), ...graph.earlierThan(tag)].filter((one) => tags.has(one));
      return [tag, [...new Set(below)].sort(byTag)];
    }),
  );
}

function graphOf(edges: Edges): Graph {
  const graph = new Graph({ directed: true });
  for (const [tag, below] of edges) for (const one of below) graph.setEdge(tag, one);
  return graph;
}

/** Whoever goes on from one to the next where each waits for another comes round. */
function anyCircle(edges: Edges, from: Tag): readonly Tag[] {
  const walk: Tag[] = [];
  const placeOf = new Map<Tag, number>();
  for (let tag = from; ; tag = edges.get(tag)![0]!) {
    const place = placeOf.get(tag);
    if (place !== undefined) return [...walk.slice(place), tag];
    placeOf.set(tag, walk.length);
    walk.push(tag);
  }
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
