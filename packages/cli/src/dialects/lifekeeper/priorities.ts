import type { ResourceStatus, Status } from '@holdfast/core';

/** Where a resource may run, as LifeKeeper tells it. */
export type Priorities = Readonly<{
  /** The priority of this node; undefined when it may not run here. */
  local: number | undefined;
  /** The node with the best priority. */
  primary: string | undefined;
  /** Who would be next after this node. */
  backup: string | undefined;
  others: readonly Readonly<{ node: string; priority: number }>[];
}>;

export function prioritiesOf(status: Status): (resource: ResourceStatus) => Priorities {
  const byHierarchy = new Map(
    status.hierarchies.map(({ id, nodes }) => {
      const sorted = [...nodes].sort((a, b) => a.priority - b.priority);
      const here = sorted.findIndex(({ node }) => node === status.node);
      const priorities: Priorities = {
        local: sorted[here]?.priority,
        primary: sorted[0]?.node,
        backup: here === -1 ? undefined : sorted[here + 1]?.node,
        others: sorted.filter(({ node }) => node !== status.node),
      };
      return [id, priorities] as const;
    }),
  );
  return ({ hierarchy }) => byHierarchy.get(hierarchy) ?? nowhere;
}

const nowhere: Priorities = { local: undefined, primary: undefined, backup: undefined, others: [] };
