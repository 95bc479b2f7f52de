import type { Hierarchy } from '../document/configuration.ts';
import type { NodeName } from '../vocabulary.ts';
import type { Claim, View } from './view.ts';

/**
 * Whose turn it is to run a hierarchy that should be in service. A claim that is not clean binds: its node runs it,
 * or nobody does until it is known to be over. Otherwise the node of the last claim, else the best of those allowed
 * alive and active. Answers undefined when nobody can.
 */
export function chooseOwner(
  hierarchy: Hierarchy,
  claim: Claim | undefined,
  view: View,
): NodeName | undefined {
  if (claim !== undefined && !claim.clean && view.nodes[claim.node]?.alive !== 'gone') return claim.node;
  const eligible = hierarchy.nodes
    .filter(
      ({ node }) => view.nodes[node]?.alive === 'yes' && (view.nodes[node].mode ?? 'active') === 'active',
    )
    .map(({ node }) => node);
  if (claim !== undefined && eligible.includes(claim.node)) return claim.node;
  return eligible[0];
}
