import type { ClusterStore } from '@holdfast/store';
import { openAskMembers, openEtcdStore } from '@holdfast/store/etcd';
import type { ClusterPorts, Identity, Log } from '../../index.ts';
import { clusterPorts } from './clusterPorts.ts';
import { etcdOptions } from './etcdOptions.ts';
import type { StoreSettings } from './storeSettings.ts';
import { type WatchedStore, watchStore } from './watchStore.ts';

/** Opens the store that agent.yaml names; with etcd, also what a node of a cluster has beside. */
export async function openStore(given: {
  settings: StoreSettings;
  identity: Identity;
  /** The embedded store, which also keeps a second agent from this node. */
  alone: ClusterStore;
  keeperSocket: string;
  log: Log;
}): Promise<
  Readonly<{
    store: ClusterStore;
    cluster?: ClusterPorts;
    /** Begins to ask the members of the store how they are. */
    watch?: (onChange: () => void) => WatchedStore;
  }>
> {
  const { settings, alone, identity, keeperSocket, log } = given;
  if (settings.kind === 'embedded') return { store: alone };
  const cluster = clusterPorts({ settings, identity, keeperSocket, log });
  const options = await etcdOptions(settings);
  return {
    store: openEtcdStore(options),
    watch: (onChange) => watchStore(settings.endpoints, openAskMembers(options), onChange),
    cluster,
  };
}
