import { readFile } from 'node:fs/promises';
import type { BeatPreset } from '@holdfast/core';
import type { EtcdOptions } from '@holdfast/store/etcd';
import type { EtcdStoreSettings } from './storeSettings.ts';

/** How soon a silent member of etcd is passed over: with the shortest rights, there is no time to wait for one. */
const patience = { fast: 100, balanced: 500, cautious: 500 } as const satisfies Record<BeatPreset, number>;

/** How the store of a cluster is opened. Certificates and password are read here, once. */
export async function etcdOptions(settings: EtcdStoreSettings): Promise<EtcdOptions> {
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
