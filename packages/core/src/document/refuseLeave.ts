import type { Claim, HierarchyRecord } from '../decide/view.ts';
import type { Problem } from '../problem.ts';
import type { HierarchyId, NodeName, Tag } from '../vocabulary.ts';
import type { Configuration } from './configuration.ts';

/** Hierarchies that would no longer be allowed on the node that has them. A claim that is clean binds nobody. */
export function refuseLeave(
  before: Configuration | undefined,
  after: Configuration,
  hierarchies: readonly HierarchyRecord[],
  claims: ReadonlyMap<HierarchyId, Claim>,
): readonly Problem[] {
  const idOf = new Map(hierarchies.flatMap(({ id, tags }) => tags.map((tag) => [tag, id] as const)));
  return after.hierarchies.flatMap(({ tags, nodes }) =>
    [...new Set(tags.map((tag) => idOf.get(tag)))].flatMap((id) => {
      const claim = id === undefined ? undefined : claims.get(id);
      if (claim === undefined || claim.clean || nodes.some(({ node }) => node === claim.node)) return [];
      const tag = tags.find((one) => idOf.get(one) === id)!;
      // What runs where it was never allowed is no matter of this change.
      return isAllowed(before, tag, claim.node) ? [leaves(tag, claim.node)] : [];
    }),
  );
}

function isAllowed(configuration: Configuration | undefined, tag: Tag, node: NodeName): boolean {
  const hierarchy = configuration?.hierarchies.find(({ tags }) => tags.includes(tag));
  return hierarchy?.nodes.some((one) => one.node === node) === true;
}

function leaves(tag: Tag, node: NodeName): Problem {
  return {
    code: 'RESOURCE_IN_SERVICE',
    path: `resources.${tag}`,
    what: `${tag} cannot be taken from ${node} now`,
    why: `${node} has its hierarchy, and something of it may run there`,
    todo: `move it to another node first: holdfast move ${tag} NODE`,
  };
}
