import type { HierarchyRecord } from '../decide/view.ts';
import type { Generation, HierarchyId } from '../vocabulary.ts';
import type { Configuration } from './configuration.ts';

/**
 * Gives each hierarchy its lasting name: the one that most of its resources had before, else a new one. When
 * hierarchies join, the larger keeps its name; when one splits, the larger part does.
 */
export function nameHierarchies(
  configuration: Configuration,
  before: readonly HierarchyRecord[],
  generation: Generation,
): readonly HierarchyRecord[] {
  const nameOf = new Map(before.flatMap(({ id, tags }) => tags.map((tag) => [tag, id] as const)));
  const shares = configuration.hierarchies.flatMap(({ tags }, index) => {
    const shared = new Map<HierarchyId, number>();
    for (const tag of tags) {
      const id = nameOf.get(tag);
      if (id !== undefined) shared.set(id, (shared.get(id) ?? 0) + 1);
    }
    return [...shared].map(([id, count]) => ({ index, id, count }));
  });
  const taken = new Set<HierarchyId>();
  const names = new Map<number, HierarchyId>();
  for (const { index, id } of shares.sort((a, b) => b.count - a.count || a.index - b.index)) {
    if (taken.has(id) || names.has(index)) continue;
    taken.add(id);
    names.set(index, id);
  }
  return configuration.hierarchies.map(({ tags }, index) => ({
    id: names.get(index) ?? (`${tags[0]}@${generation}` as HierarchyId),
    tags,
  }));
}
