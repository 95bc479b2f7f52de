import type { Claim, HierarchyId, HierarchyRecord, Tag } from '@holdfast/core';
import type { World } from '../world.ts';

type Known = Readonly<{
  claims: ReadonlyMap<HierarchyId, Pick<Claim, 'node' | 'clean'>>;
  hierarchies: readonly HierarchyRecord[];
  intentOf: (tag: Tag) => Readonly<{ want: string }>;
  isPaused: (tag: Tag) => boolean;
  /** Whether another node of the configuration may run it. */
  mayRunElsewhere: (tags: readonly Tag[]) => boolean;
}>;

/**
 * For which hierarchy a node that is gone would have to be fenced: one that it did not let go of in order, and that should
 * run elsewhere. For what nobody wants, or is paused, no machine loses its power.
 */
export function findFenceCause(node: string, known: Known): HierarchyRecord | undefined {
  return known.hierarchies.find(({ id, tags }) => {
    const claim = known.claims.get(id);
    if (claim === undefined || claim.clean || claim.node !== node) return false;
    const isWanted = tags.some((tag) => known.intentOf(tag).want === 'inService' && !known.isPaused(tag));
    return isWanted && known.mayRunElsewhere(tags);
  });
}

/** What the rule above asks, as this node knows it. */
export function fenceFactsOf(world: World, node: string): Known {
  return {
    claims: world.claims,
    hierarchies: world.hierarchies,
    intentOf: (tag) => world.intentOf(tag),
    isPaused: (tag) => world.pauses.has(tag),
    mayRunElsewhere: (tags) =>
      world.configuration?.hierarchies
        .find((hierarchy) => hierarchy.tags.some((tag) => tags.includes(tag)))
        ?.nodes.some((allowed) => allowed.node !== node) === true,
  };
}
