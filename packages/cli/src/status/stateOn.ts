import type { ResourceStatus, Status } from '@holdfast/core';

/** How a resource stands on a node, as far as the node that tells knows; `--` where it does not. */
export function stateOn(
  resource: ResourceStatus,
  node: string,
  { node: teller }: Pick<Status, 'node'>,
): string {
  if (node === teller) return resource.state;
  return resource.elsewhere?.find((one) => one.node === node)?.state ?? '--';
}

/** The other nodes, in the order of the document. */
export function otherNodes({ node, nodes }: Pick<Status, 'node' | 'nodes'>): string[] {
  return nodes.map(({ name }) => name).filter((name) => name !== node);
}
