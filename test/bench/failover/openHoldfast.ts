import {
  dataDirectory,
  HoldfastCluster,
  mountPoint,
  names,
  openPowerSwitch,
  secretFile,
  Trio,
} from '@holdfast/lab';
import { address } from '../faults.ts';
import type { Subject } from './subject.ts';

/** The address that has nothing on it. */
const aloneAddress = '10.77.0.60';

/** So long after it has failed on a node the database may move there again. */
export const forgetMs = 1_000;

/** A cluster of Holdfast, in a lab of its own, with the two hierarchies that are measured. No fence is configured yet. */
export async function openHoldfast(): Promise<HoldfastCluster> {
  const trio = await Trio.open();
  try {
    const { prepare } = openPowerSwitch(trio);
    const cluster = await HoldfastCluster.open(trio, { store: { takeoverWithoutFence: true }, prepare });
    await cluster.apply(documentOn(trio.device));
    return cluster;
  } catch (error) {
    await trio.lab.close();
    throw error;
  }
}

/** From now on each node can be cut from its power by the other. */
export async function configureFence(cluster: HoldfastCluster): Promise<void> {
  const levelsOf = (plug: string) => ({ levels: [[{ device: 'switch', parameters: { plug } }]] });
  const devices = {
    switch: { agent: 'fence_lab', parameters: { password: { file: secretFile } } },
  };
  const fencing = { devices, nodes: { alpha: levelsOf('alpha'), beta: levelsOf('beta') } };
  await cluster.apply({ ...documentOn(cluster.trio.device), fencing });
}

function documentOn(device: string): object {
  const ip = (of: string) => ({ type: 'ip', settings: { address: `${of}/24`, device: 'eth0' } });
  return {
    nodes: names,
    policy: { quickCheck: { every: '1s' }, failover: { forget: `${forgetMs}ms` } },
    resources: {
      alone: ip(aloneAddress),
      ip: ip(address),
      fs: { type: 'filesystem', settings: { device, mountPoint, fsType: 'ext4' } },
      pg: { type: 'postgresql', needs: ['fs', 'ip'], settings: { dataDirectory } },
    },
  };
}

/** What a client of this tag sees of the cluster. */
export function subjectOf(cluster: HoldfastCluster, tag: 'alone' | 'pg'): Subject {
  return {
    trio: cluster.trio,
    address: tag === 'pg' ? address : aloneAddress,
    move: (to) => cluster.perform(to, tag, 'restore'),
    rejoin: (name) => cluster.rejoin(name),
  };
}
