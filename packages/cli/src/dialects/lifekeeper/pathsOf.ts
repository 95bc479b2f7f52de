import type { Status } from '@holdfast/core';

/** A way to another machine as LifeKeeper tells of it: our address and its own. */
export type PathRow = Readonly<{
  machine: string;
  network: 'TCP';
  /** `local/remote`, without ports. */
  addresses: string;
  state: 'ALIVE' | 'DEAD' | 'UNKNOWN';
  priority: number;
}>;

export function pathsOf({ nodes }: Pick<Status, 'nodes'>): PathRow[] {
  return nodes.flatMap(({ name, paths = [] }) =>
    paths.map(({ address, from, state }, index) => ({
      machine: name,
      network: 'TCP' as const,
      addresses: `${from ?? '--'}/${hostOf(address)}`,
      state,
      priority: index + 1,
    })),
  );
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}
