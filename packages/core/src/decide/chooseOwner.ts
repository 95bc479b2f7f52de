import { isInService, type NodeName } from '../vocabulary.ts';
import { eligibleNodes, type NamedHierarchy } from './eligible.ts';
import type { View } from './view.ts';

/**
 * Whose turn it is to run a hierarchy that should be in service. A claim that is not clean binds: its node runs it,
 * or nobody does until it is known to be over. What was taken down with its node waits for it, unless another is asked
 * for. Otherwise, of those that are eligible: the node that was asked for,
 * else one where it runs already, else that of the last claim, else the best. Undefined when nobody can.
 */
export function chooseOwner(named: NamedHierarchy, view: View): NodeName | undefined {
  const { id, hierarchy } = named;
  const claim = view.claims[id];
  if (claim !== undefined && !claim.clean && view.nodes[claim.node]?.alive !== 'gone') return claim.node;
  const asked = view.requests?.[id];
  const isBound = claim?.stays === true && hierarchy.nodes.some(({ node }) => node === claim.node);
  if (isBound && asked === undefined) return claim.node;
  const eligible = eligibleNodes(named, view);
  const runs = (node: NodeName) =>
    hierarchy.tags.some((tag) => isInService(view.states[node]?.[tag]?.state ?? 'ILLSTATE'));
  return (
    eligible.find((node) => node === asked) ??
    eligible.find(runs) ??
    eligible.find((node) => node === claim?.node) ??
    eligible[0]
  );
}
