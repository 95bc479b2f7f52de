import type { Hierarchy } from '../document/configuration.ts';
import type { HierarchyId, NodeName } from '../vocabulary.ts';
import type { View } from './view.ts';

/** A hierarchy of the configuration with its lasting name. */
export type NamedHierarchy = Readonly<{ id: HierarchyId; hierarchy: Hierarchy }>;

/**
 * Why a node may not take a hierarchy now; undefined when it may. Eligible is who is allowed, alive and active, and
 * has no failure of this hierarchy that is still remembered: two bad nodes do not play ping-pong.
 */
export function whyNotEligible(
  { id, hierarchy }: NamedHierarchy,
  node: NodeName,
  view: View,
): string | undefined {
  if (!hierarchy.nodes.some((allowed) => allowed.node === node)) return `${node} may not run it`;
  const { alive = 'not-known', mode = 'active' } = view.nodes[node] ?? {};
  if (alive === 'gone') return `${node} is down`;
  if (alive === 'not-known') return `it is not known whether ${node} is alive`;
  if (mode !== 'active') return `${node} is ${mode}`;
  const failed = failureOn(id, node, view);
  return failed === undefined ? undefined : `${failed.tag} failed on ${node}: ${failed.evidence}`;
}

/** The failure for which a hierarchy left a node, while it is remembered. */
export function failureOn(id: HierarchyId, node: NodeName, { failedOn, now }: View) {
  const failed = failedOn?.[id]?.[node];
  return failed === undefined || failed.until <= now ? undefined : failed;
}

/** Who may take it now, the best first. */
export function eligibleNodes(named: NamedHierarchy, view: View): readonly NodeName[] {
  return named.hierarchy.nodes
    .map(({ node }) => node)
    .filter((node) => whyNotEligible(named, node, view) === undefined);
}
