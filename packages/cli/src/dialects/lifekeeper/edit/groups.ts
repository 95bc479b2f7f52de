import { ResourceGraph, type Tag } from '@holdfast/core';
import type { Draft, DraftHierarchy } from './document.ts';

export function graphOf({ resources }: Pick<Draft, 'resources'>): ResourceGraph {
  return new ResourceGraph(
    Object.entries(resources).map(([tag, { needs = [], needsAny = [], after = [] }]) => ({
      tag: tag as Tag,
      needs: needs as Tag[],
      needsAny: needsAny as Tag[],
      after: after as Tag[],
    })),
  );
}

/** What is connected with a tag, and the entry that says more about it. */
export function hierarchyOf(
  draft: Draft,
  tag: string,
): { tags: readonly string[]; name: string | undefined } {
  const tags: readonly string[] = graphOf(draft)
    .connected()
    .find((group) => group.includes(tag as Tag)) ?? [tag];
  return { tags, name: Object.keys(draft.hierarchies ?? {}).find((name) => tags.includes(name)) };
}

/** The entry of a tag's hierarchy, made when there is none. */
export function entryOf(draft: Draft, tag: string): DraftHierarchy {
  const name = hierarchyOf(draft, tag).name ?? tag;
  draft.hierarchies ??= {};
  draft.hierarchies[name] ??= {};
  return draft.hierarchies[name];
}

/**
 * An entry is named by a tag of its hierarchy, and resources come, go, join and split. So that nothing that was said
 * of a hierarchy is lost by that, each one afterwards gets what was said of those that its resources were in. Where
 * two that join say different things, both stay, and the agent says that a person must choose.
 */
export function carryEntries(before: Draft, after: Draft): void {
  const said = before.hierarchies ?? {};
  const nameBefore = new Map<string, string>();
  for (const group of graphOf(before).connected()) {
    const name = Object.keys(said).find((one) => group.includes(one as Tag));
    if (name !== undefined) for (const tag of group) nameBefore.set(tag, name);
  }
  const kept: Record<string, DraftHierarchy> = {};
  for (const group of graphOf(after).connected()) {
    const names = [...new Set(group.flatMap((tag) => nameBefore.get(tag) ?? []))];
    const isOneWord = new Set(names.map((name) => JSON.stringify(said[name]))).size <= 1;
    for (const name of isOneWord ? names.slice(0, 1) : names) {
      const isIn = group.includes(name as Tag);
      kept[isIn ? name : (group.find((tag) => nameBefore.get(tag) === name) as string)] = said[name]!;
    }
  }
  if (Object.keys(kept).length > 0) after.hierarchies = kept;
  else delete after.hierarchies;
}
