import { Graph } from '@dagrejs/graphlib';
import type { Tag } from '../vocabulary.ts';

export type GraphEntry = Readonly<{
  tag: Tag;
  needs: readonly Tag[];
  needsAny: readonly Tag[];
  after: readonly Tag[];
}>;

/**
 * Who needs whom. Edges run from parent to child. Answers are sorted by tag, so that equal graphs give equal
 * plans whatever the order in which the document lists them.
 */
export class ResourceGraph {
  readonly #needs = new Graph({ directed: true });
  readonly #after = new Graph({ directed: true });
  readonly #entries = new Map<Tag, GraphEntry>();

  constructor(entries: readonly GraphEntry[]) {
    for (const entry of [...entries].sort((a, b) => byTag(a.tag, b.tag))) {
      this.#entries.set(entry.tag, entry);
      this.#needs.setNode(entry.tag);
      this.#after.setNode(entry.tag);
    }
    for (const { tag, needs, needsAny, after } of entries) {
      for (const child of [...needs, ...needsAny]) if (this.has(child)) this.#needs.setEdge(tag, child);
      for (const earlier of after) if (this.has(earlier)) this.#after.setEdge(tag, earlier);
    }
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
    return sorted(this.#needs.successors(tag) ?? []);
  }

  parentsOf(tag: Tag): readonly Tag[] {
    return sorted(this.#needs.predecessors(tag) ?? []);
  }

  /** What starts before it and stops after it, if both do. */
  earlierThan(tag: Tag): readonly Tag[] {
    return sorted(this.#after.successors(tag) ?? []);
  }

  laterThan(tag: Tag): readonly Tag[] {
    return sorted(this.#after.predecessors(tag) ?? []);
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
    return this.tags().filter((tag) => (this.#needs.predecessors(tag) ?? []).length === 0);
  }

  /** Children first. Needs a graph without cycles, as a configuration guarantees. */
  childrenFirst(): readonly Tag[] {
    const { order } = this.peel();
    return order;
  }

  /** Takes away what has nothing left below it, as long as there is such; `stuck` is what a cycle holds back. */
  peel(): { order: readonly Tag[]; stuck: ReadonlySet<Tag> } {
    const waitsFor = new Map<Tag, number>();
    for (const tag of this.tags())
      waitsFor.set(tag, this.childrenOf(tag).length + this.earlierThan(tag).length);
    const order: Tag[] = this.tags().filter((tag) => waitsFor.get(tag) === 0);
    for (let next = 0; next < order.length; next += 1) {
      const tag = order[next]!;
      for (const waiting of [...this.parentsOf(tag), ...this.laterThan(tag)]) {
        const left = waitsFor.get(waiting)! - 1;
        waitsFor.set(waiting, left);
        if (left === 0) order.push(waiting);
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

export function byTag(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sorted(tags: string[]): readonly Tag[] {
  return (tags as Tag[]).sort(byTag);
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
