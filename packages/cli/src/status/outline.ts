import type { ResourceStatus } from '@holdfast/core';

/** One line of a tree: children stand under the first parent that needs them, one level deeper. */
export type OutlineRow = Readonly<{ resource: ResourceStatus; depth: number }>;

/**
 * The resources as trees, in the order of the document. Each stands there once, under the first root that reaches
 * it. With a top, only the tree under that resource.
 */
export function outline(resources: readonly ResourceStatus[], top?: string): OutlineRow[] {
  const byTag = new Map(resources.map((resource) => [resource.tag, resource]));
  const needed = new Set(resources.flatMap(childrenOf));
  const seen = new Set<string>();
  const rows: OutlineRow[] = [];
  const roots = resources.filter(({ tag }) => (top === undefined ? !needed.has(tag) : tag === top));
  // A list and not a recursion: a chain may be as deep as there are resources.
  const waiting = roots.map((resource): OutlineRow => ({ resource, depth: 0 })).reverse();
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    if (seen.has(row.resource.tag)) continue;
    seen.add(row.resource.tag);
    rows.push(row);
    for (const child of childrenOf(row.resource).reverse()) {
      const resource = byTag.get(child);
      if (resource !== undefined) waiting.push({ resource, depth: row.depth + 1 });
    }
  }
  return rows;
}

/** What must be in service before it. `after` alone makes no tree. */
export function childrenOf({ needs, needsAny }: ResourceStatus): string[] {
  return [...needs, ...needsAny];
}
