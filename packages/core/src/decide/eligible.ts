import { type HierarchyId, isInService, type NodeName } from '../vocabulary.ts';
import { whyNoFailover, whyNoLeaving } from './failoverFlags.ts';
import type { NamedHierarchy } from './namedHierarchy.ts';
import { inOrderOfChoice } from './placement.ts';
import type { View } from './view.ts';

export type { NamedHierarchy } from './namedHierarchy.ts';

/**
 * Why a node may not take a hierarchy now; undefined when it may. Eligible is who is allowed, alive, active and ready, and
 * has no failure of this hierarchy that is still remembered: two bad nodes do not play ping-pong.
 */
export function whyNotEligible(named: NamedHierarchy, node: NodeName, view: View): string | undefined {
  return whyUnable(named, node, view) ?? whyNotReady(named, node, view);
}

/** The same, whatever its preflight says. */
export function whyUnable({ id, hierarchy }: NamedHierarchy, node: NodeName, view: View): string | undefined {
  if (!hierarchy.nodes.some((allowed) => allowed.node === node)) return `${node} may not run it`;
  const { alive = 'not-known', mode = 'active' } = view.nodes[node] ?? {};
  if (alive === 'gone') return `${node} is down`;
  if (alive === 'not-known') return `it is not known whether ${node} is alive`;
  if (mode !== 'active') return `${node} is ${mode}`;
  const failed = failureOn(id, node, view);
  return failed === undefined ? undefined : `${failed.tag} failed on ${node}: ${failed.evidence}`;
}

/** What the node's own preflight says against it. Of what serves there, and of what nobody looked at, it says nothing. */
export function whyNotReady({ hierarchy }: NamedHierarchy, node: NodeName, view: View): string | undefined {
  const found = view.readiness?.[node];
  if (found === undefined) return undefined;
  const tag = hierarchy.tags.find(
    (one) => found[one]?.ready === false && !isInService(view.states[node]?.[one]?.state ?? 'ILLSTATE'),
  );
  return tag === undefined ? undefined : `${node} is not ready for ${tag}: ${found[tag]!.evidence}`;
}

/** The failure for which a hierarchy left a node, while it is remembered. */
export function failureOn(id: HierarchyId, node: NodeName, { failedOn, now }: View) {
  const failed = failedOn?.[id]?.[node];
  return failed === undefined || failed.until <= now ? undefined : failed;
}

/** Who may take it now, the best first. */
export function eligibleNodes(named: NamedHierarchy, view: View): readonly NodeName[] {
  const eligible = named.hierarchy.nodes
    .map(({ node }) => node)
    .filter((node) => whyNotEligible(named, node, view) === undefined);
  return inOrderOfChoice(named, eligible, view);
}

/** Where a hierarchy goes when it fails for good on this node, which is alive: only to a node that is ready. */
export function nextNode(named: NamedHierarchy, view: View): NodeName | undefined {
  const from = view.node;
  if (whyNoLeaving(view, from) !== undefined) return undefined;
  return eligibleNodes(named, view).find(
    (to) => to !== from && whyNoFailover(view, { from, to }) === undefined,
  );
}
