import type { HierarchyId, NodeName } from '../vocabulary.ts';
import type { NamedHierarchy } from './namedHierarchy.ts';
import type { View } from './view.ts';

/**
 * Nodes in the order in which one of them is chosen. What breaks the lightest wishes of placement comes first; then, with
 * `choose: load`, whoever has the fewest hierarchies; then the priority. A wish that cannot be had keeps nothing down.
 */
export function inOrderOfChoice(
  named: NamedHierarchy,
  nodes: readonly NodeName[],
  view: View,
): readonly NodeName[] {
  const { placement, choose } = named.hierarchy;
  if (placement.length === 0 && choose === 'order') return nodes;
  const owners = view.hierarchies.flatMap(({ id, tags }) => {
    const node = id === named.id ? undefined : ownerOf(id, view);
    return node === undefined ? [] : [{ node, tags }];
  });
  const broken = (node: NodeName): number =>
    placement
      .filter(({ with: tag, kind }) => {
        const owner = owners.find(({ tags }) => tags.includes(tag))?.node;
        return owner !== undefined && (owner === node) === (kind === 'apart');
      })
      .reduce((weight, { priority }) => weight + priority, 0);
  const load = (node: NodeName): number =>
    choose === 'order' ? 0 : owners.filter((one) => one.node === node).length;
  return nodes
    .map((node, rank) => ({ node, rank, broken: broken(node), load: load(node) }))
    .sort((a, b) => a.broken - b.broken || a.load - b.load || a.rank - b.rank)
    .map(({ node }) => node);
}

/** Who has it, as far as its claim says. */
function ownerOf(id: HierarchyId, { claims, nodes }: View): NodeName | undefined {
  const claim = claims[id];
  return claim === undefined || claim.clean || nodes[claim.node]?.alive === 'gone' ? undefined : claim.node;
}
