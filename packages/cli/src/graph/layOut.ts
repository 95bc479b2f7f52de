import type { ResourceStatus } from '@holdfast/core';

export type Box = Readonly<{
  tag: string;
  type: string;
  state: ResourceStatus['state'];
  want: ResourceStatus['want'];
  /** How many layers of others rest on it, at most: what needs nothing of the drawing stands on top, in layer 0. */
  layer: number;
  /** Its place in the layer, from the left. */
  place: number;
}>;

export type Edge = Readonly<{ from: string; to: string; kind: 'needs' | 'needsAny' | 'after' }>;

/** Where everything stands; text, SVG and dot are drawn from the same one. */
export type Layout = Readonly<{ boxes: readonly Box[]; edges: readonly Edge[] }>;

/** Layers from what needs to what is needed. Same resources, same layout. */
export function layOut(resources: readonly ResourceStatus[]): Layout {
  const tags = new Set(resources.map(({ tag }) => tag));
  const edges = resources.flatMap((resource) =>
    (['needs', 'needsAny', 'after'] as const).flatMap((kind) =>
      resource[kind].filter((to) => tags.has(to)).map((to) => ({ from: resource.tag, to, kind })),
    ),
  );
  const layers = layersOf(resources, edges);
  const places = placesOf(resources, edges, layers);
  return {
    boxes: resources.map(({ tag, type, state, want }) => ({
      tag,
      type,
      state,
      want,
      layer: layers.get(tag)!,
      place: places.get(tag)!,
    })),
    edges,
  };
}

/** A layer below the lowest of those that need it. Needs make no circle, or no agent would have taken them. */
function layersOf(resources: readonly ResourceStatus[], edges: readonly Edge[]): ReadonlyMap<string, number> {
  const firm = edges.filter(({ kind }) => kind !== 'after');
  const open = new Map(resources.map(({ tag }) => [tag, 0]));
  const below = new Map<string, string[]>();
  for (const { from, to } of firm) {
    open.set(to, open.get(to)! + 1);
    below.set(from, [...(below.get(from) ?? []), to]);
  }
  const layers = new Map(resources.map(({ tag }) => [tag, 0]));
  const ready = resources.map(({ tag }) => tag).filter((tag) => open.get(tag) === 0);
  for (let tag = ready.shift(); tag !== undefined; tag = ready.shift()) {
    for (const child of below.get(tag) ?? []) {
      layers.set(child, Math.max(layers.get(child)!, layers.get(tag)! + 1));
      open.set(child, open.get(child)! - 1);
      if (open.get(child) === 0) ready.push(child);
    }
  }
  return layers;
}

/** In each layer near the middle of those above that need it, so that few lines cross. */
function placesOf(
  resources: readonly ResourceStatus[],
  edges: readonly Edge[],
  layers: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const order = new Map(resources.map(({ tag }, index) => [tag, index]));
  const parents = new Map<string, string[]>();
  for (const { from, to, kind } of edges)
    if (kind !== 'after') parents.set(to, [...(parents.get(to) ?? []), from]);
  const depth = Math.max(0, ...layers.values());
  for (let layer = 0; layer <= depth; layer += 1) {
    const members = resources.map(({ tag }) => tag).filter((tag) => layers.get(tag) === layer);
    const middle = new Map(
      members.map((tag) => [tag, meanOf((parents.get(tag) ?? []).map((one) => places.get(one)!))]),
    );
    members.sort((a, b) => middle.get(a)! - middle.get(b)! || order.get(a)! - order.get(b)!);
    for (const [place, tag] of members.entries()) places.set(tag, place);
  }
  return places;
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
