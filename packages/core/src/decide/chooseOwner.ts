import { isInService, type NodeName } from '../vocabulary.ts';
import { type NamedHierarchy, whyNotReady, whyUnable } from './eligible.ts';
import { whyNoFailover } from './failoverFlags.ts';
import { inOrderOfChoice } from './placement.ts';
import type { View } from './view.ts';

/**
 * Whose turn it is to run a hierarchy that should be in service. A claim that is not clean binds: its node runs it,
 * or nobody does until it is known to be over. What was taken down with its node waits for it, unless another is asked
 * for. Otherwise, of those that are eligible: the node that was asked for, else one where it runs already, else that of
 * the last claim, else the best. Where nobody is ready, those that are not: it is out, so nothing is lost by a try.
 * Undefined when nobody can.
 */
export function chooseOwner(named: NamedHierarchy, view: View): NodeName | undefined {
  const { id, hierarchy } = named;
  const claim = view.claims[id];
  if (claim !== undefined && !claim.clean && view.nodes[claim.node]?.alive !== 'gone') return claim.node;
  const asked = view.requests?.[id];
  const isBound = claim?.stays === true && hierarchy.nodes.some(({ node }) => node === claim.node);
  if (isBound && asked === undefined) return claim.node;
  const able = hierarchy.nodes
    .map(({ node }) => node)
    .filter((node) => whyUnable(named, node, view) === undefined);
  // Whoever asks for a node knows better than its preflight.
  if (asked !== undefined && able.includes(asked)) return asked;
  const isFailover = claim !== undefined && !claim.clean;
  const free = able.filter(
    (node) => !isFailover || whyNoFailover(view, { from: claim.node, to: node }) === undefined,
  );
  const ready = free.filter((node) => whyNotReady(named, node, view) === undefined);
  const eligible = ready.length > 0 ? ready : free;
  const runs = (node: NodeName) =>
    hierarchy.tags.some((tag) => isInService(view.states[node]?.[tag]?.state ?? 'ILLSTATE'));
  return (
    eligible.find(runs) ??
    eligible.find((node) => node === claim?.node) ??
    inOrderOfChoice(named, eligible, view)[0]
  );
}
