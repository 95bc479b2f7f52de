import { readFile } from 'node:fs/promises';
import { type BeatPreset, deriveTimes } from '@holdfast/core';
import type { ClusterStore } from '@holdfast/store';
import { type EtcdOptions, openAskMembers, openEtcdStore } from '@holdfast/store/etcd';
import type { ClusterPorts, Log } from '../../index.ts';
import { clusterPorts } from './clusterPorts.ts';
import type { EtcdStoreSettings, StoreSettings } from './storeSettings.ts';
import { type WatchedStore, watchStore } from './watchStore.ts';

/** How soon a silent member of etcd is passed over: with the shortest rights, there is no time to wait for one. */
const patience = { fast: 100, balanced: 500, cautious: 500 } as const satisfies Record<BeatPreset, number>;

/** Opens the store that agent.yaml names; with etcd, also what a node of a cluster has beside. */
export async function openStore(given: {
  settings: StoreSettings;
  /** The embedded store, which also keeps a second agent from this node. */
  alone: ClusterStore;
  guardSocket: string;
  log: Log;
}): Promise<
  Readonly<{
    store: ClusterStore;
    cluster?: ClusterPorts;
    /** Begins to ask the members of the store how they are. */
    watch?: (onChange: () => void) => WatchedStore;
  }>
> {
  const { settings, alone, guardSocket, log } = given;
  if (settings.kind === 'embedded') return { store: alone };
  const { preset, times: asked, nodeDown, takeoverWithoutFence } = settings;
  const chosen = Object.fromEntries(Object.entries(asked).filter(([, span]) => span !== undefined));
  const times = deriveTimes({ preset, ...chosen });
  if (!times.ok)
    throw new Error(
      `the times of the cluster do not fit:\n${times.problems.map(({ what, why, todo }) => `${what} ${why}; ${todo}`).join('\n')}`,
    );
  const options = await etcdOptions(settings);
  return {
    store: openEtcdStore(options),
    watch: (onChange) => watchStore(settings.endpoints, openAskMembers(options), onChange),
    cluster: clusterPorts({ times: times.value, nodeDown, takeoverWithoutFence, guardSocket, log }),
  };
}

async function etcdOptions(settings: EtcdStoreSettings): Promise<EtcdOptions> {
  const { endpoints, tls, user, preset, operationsMax } = settings;
  const read = (file: string | undefined) => (file === undefined ? undefined : readFile(file, 'utf8'));
  const [ca, cert, key, password] = await Promise.all(
    [tls?.ca, tls?.cert, tls?.key, user?.passwordFile].map(read),
  );
  return {
    endpoints,
    operationsMax,
    connectWithinMs: patience[preset],
    suspectAfterMs: patience[preset],
    progressEveryMs: patience[preset],
    ...(tls === undefined ? {} : { tls: { ca: ca!, ...(cert === undefined ? {} : { cert, key }) } }),
    ...(user === undefined ? {} : { user: { name: user.name, password: password!.trim() } }),
  };
}
