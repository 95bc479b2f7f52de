import type { Tag } from '../vocabulary.ts';

export type GraphEntry = Readonly<{
  tag: Tag;
  needs: readonly Tag[];
  needsAny: readonly Tag[];
  after: readonly Tag[];
}>;

type Edges = ReadonlyMap<Tag, readonly Tag[]>;
type Peeled = Readonly<{ order: readonly Tag[]; stuck: ReadonlySet<Tag> }>;

/**
 * Who needs whom. Edges run from parent to child. Answers are sorted by tag, so that equal graphs give equal
 * plans whatever the order in which the document lists them.
 */
export class ResourceGraph {
  readonly #entries = new Map<Tag, GraphEntry>();
  readonly #children: Edges;
  readonly #parents: Edges;
  readonly #earlier: Edges;
  readonly #later: Edges;
  #fromBelow: Peeled | undefined;
  #fromAbove: Peeled | undefined;
  #placesFromBelow: ReadonlyMap<Tag, number> | undefined;
  #placesFromAbove: ReadonlyMap<Tag, number> | undefined;

  constructor(entries: readonly GraphEntry[]) {
    const byName = [...entries].sort((a, b) => byTag(a.tag, b.tag));
    for (const entry of byName) this.#entries.set(entry.tag, entry);
    const known = (tags: readonly Tag[]) => [...new Set(tags)].filter((tag) => this.has(tag)).sort(byTag);
    this.#children = new Map(
      byName.map(({ tag, needs, needsAny }) => [tag, known([...needs, ...needsAny])] as const),
    );
    this.#earlier = new Map(byName.map(({ tag, after }) => [tag, known(after)] as const));
    this.#parents = turned(this.#children);
    this.#later = turned(this.#earlier);
  }

  has(tag: Tag): boolean {
    return this.#entries.has(tag);
  }

  /** All tags, sorted. */
  tags(): readonly Tag[] {
    return [...this.#entries.keys()];
  }

  /** What it cannot be without, each of them. */
  needsOf(tag: Tag): readonly Tag[] {
    return this.#entries.get(tag)?.needs ?? [];
  }

  /** A list of which at least one must be in service; empty when it has no such list. */
  needsAnyOf(tag: Tag): readonly Tag[] {
    return this.#entries.get(tag)?.needsAny ?? [];
  }

  /** Needs and needsAny together. */
  childrenOf(tag: Tag): readonly Tag[] {
    return this.#children.get(tag) ?? [];
  }

  parentsOf(tag: Tag): readonly Tag[] {
    return this.#parents.get(tag) ?? [];
  }

  /** What starts before it and stops after it, if both do. */
  earlierThan(tag: Tag): readonly Tag[] {
    return this.#earlier.get(tag) ?? [];
  }

  laterThan(tag: Tag): readonly Tag[] {
    return this.#later.get(tag) ?? [];
  }

  /** Everything below the tags: children, their children, and so on; without the tags themselves unless reached. */
  below(tags: Iterable<Tag>): Set<Tag> {
    return closure(tags, (tag) => this.childrenOf(tag));
  }

  above(tags: Iterable<Tag>): Set<Tag> {
    return closure(tags, (tag) => this.parentsOf(tag));
  }

  /** Resources that nothing needs. */
  roots(): readonly Tag[] {
    return this.tags().filter((tag) => this.parentsOf(tag).length === 0);
  }

  /** Children first. Needs a graph without cycles, as a configuration guarantees. */
  childrenFirst(): readonly Tag[] {
    return this.peel().order;
  }

  /** Parents first: the order of removal. */
  parentsFirst(): readonly Tag[] {
    this.#fromAbove ??= this.#peel([this.#parents, this.#later], [this.#children, this.#earlier]);
    return this.#fromAbove.order;
  }

  /** The place of each tag when children come first. */
  placesFromBelow(): ReadonlyMap<Tag, number> {
    this.#placesFromBelow ??= places(this.childrenFirst());
    return this.#placesFromBelow;
  }

  /** The place of each tag when parents come first. */
  placesFromAbove(): ReadonlyMap<Tag, number> {
    this.#placesFromAbove ??= places(this.parentsFirst());
    return this.#placesFromAbove;
  }

  /** Takes away what has nothing left below it, as long as there is such; `stuck` is what a cycle holds back. */
  peel(): Peeled {
    this.#fromBelow ??= this.#peel([this.#children, this.#earlier], [this.#parents, this.#later]);
    return this.#fromBelow;
  }

  #peel(awaited: readonly Edges[], waiting: readonly Edges[]): Peeled {
    const ends = (edges: readonly Edges[], tag: Tag) => edges.flatMap((some) => some.get(tag) ?? []);
    const waitsFor = new Map<Tag, number>();
    for (const tag of this.tags()) waitsFor.set(tag, ends(awaited, tag).length);
    const order: Tag[] = this.tags().filter((tag) => waitsFor.get(tag) === 0);
    for (let next = 0; next < order.length; next += 1) {
      for (const waiter of ends(waiting, order[next]!)) {
        const left = waitsFor.get(waiter)! - 1;
        waitsFor.set(waiter, left);
        if (left === 0) order.push(waiter);
      }
    }
    const done = new Set(order);
    return { order, stuck: new Set(this.tags().filter((tag) => !done.has(tag))) };
  }

  /** The hierarchies: what is connected through needs and needsAny, each sorted, sorted by their first tag. */
  connected(): readonly (readonly Tag[])[] {
    const seen = new Set<Tag>();
    const groups: Tag[][] = [];
    for (const tag of this.tags()) {
      if (seen.has(tag)) continue;
      const group = closure([tag], (member) => [...this.childrenOf(member), ...this.parentsOf(member)]);
      group.add(tag);
      for (const member of group) seen.add(member);
      groups.push([...group].sort(byTag));
    }
    return groups;
  }
}

function places(order: readonly Tag[]): ReadonlyMap<Tag, number> {
  return new Map(order.map((tag, index) => [tag, index]));
}

export function byTag(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The same edges, seen from the other end; sorted, because the tags that they come from are. */
function turned(edges: Edges): Edges {
  const found = new Map<Tag, Tag[]>([...edges.keys()].map((tag) => [tag, []]));
  for (const [tag, ends] of edges) for (const end of ends) found.get(end)!.push(tag);
  return found;
}

function closure(from: Iterable<Tag>, next: (tag: Tag) => readonly Tag[]): Set<Tag> {
  const reached = new Set<Tag>();
  const queue = [...from];
  for (let at = 0; at < queue.length; at += 1) {
    for (const tag of next(queue[at]!)) {
      if (reached.has(tag)) continue;
      reached.add(tag);
      queue.push(tag);
    }
  }
  return reached;
}
