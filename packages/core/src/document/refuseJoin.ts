import type { Claim, HierarchyRecord } from '../decide/view.ts';
import type { Problem } from '../problem.ts';
import type { HierarchyId, Tag } from '../vocabulary.ts';
import type { Configuration } from './configuration.ts';

/**
 * Hierarchies that become one while different nodes own them: what is one runs on one node, so it would run on two.
 * A claim that is clean binds nobody.
 */
export function refuseJoin(
  configuration: Configuration,
  before: readonly HierarchyRecord[],
  claims: ReadonlyMap<HierarchyId, Claim>,
): readonly Problem[] {
  const idOf = new Map(before.flatMap(({ id, tags }) => tags.map((tag) => [tag, id] as const)));
  return configuration.hierarchies.flatMap(({ tags }) => {
    const owners = new Map<string, Tag>();
    for (const tag of tags) {
      const id = idOf.get(tag);
      const claim = id === undefined ? undefined : claims.get(id);
      if (claim !== undefined && !claim.clean && !owners.has(claim.node)) owners.set(claim.node, tag);
    }
    const [one, other] = [...owners];
    if (one === undefined || other === undefined) return [];
    return [
      {
        code: 'OWNED_APART' as const,
        path: `resources.${other[1]}`,
        what: `${one[1]} and ${other[1]} cannot become one hierarchy now`,
        why: `${one[1]} belongs to ${one[0]} and ${other[1]} to ${other[0]}, and a hierarchy is in service on one node`,
        todo: 'move one of them to the node of the other, or take it out of service, and apply again',
      },
    ];
  });
}
