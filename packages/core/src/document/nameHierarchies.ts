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
  const shares = configuration.hierarchies.flatMap(({ tags }, index) =>
    before.map(({ id, tags: old }) => ({
      index,
      id,
      shared: tags.filter((tag) => old.includes(tag)).length,
    })),
  );
  const taken = new Set<HierarchyId>();
  const names = new Map<number, HierarchyId>();
  for (const { index, id } of shares
    .filter(({ shared: n }) => n > 0)
    .sort((a, b) => b.shared - a.shared || a.index - b.index)) {
    if (taken.has(id) || names.has(index)) continue;
    taken.add(id);
    names.set(index, id);
  }
  return configuration.hierarchies.map(({ tags }, index) => ({
    id: names.get(index) ?? (`${tags[0]}@${generation}` as HierarchyId),
    tags,
  }));
}
