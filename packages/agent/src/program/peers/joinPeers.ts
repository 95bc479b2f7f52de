import type { Log } from '../../index.ts';
import type { Served } from '../routes/route.ts';
import { openPeers, type Peers } from './openPeers.ts';
import { type PeerServer, servePeers } from './peerServer.ts';
import type { ApiSettings, PeersSettings } from './peerSettings.ts';
import type { TlsMaterial } from './readTlsFiles.ts';
import { openTlsKeeper } from './tlsKeeper.ts';

export type JoinedPeers = Readonly<{
  /** The others; nobody before it has begun. */
  peers: Pick<Peers, 'find' | 'names'>;
  /** Begins to ask them. `onChange`: a path came or went. */
  begin: (onChange: () => void) => void;
  /** Begins to answer the other nodes. */
  serve: (served: Served) => void;
  /** Reads the certificates anew. */
  reload: () => void;
  close: () => Promise<void>;
}>;

/** This node among those that agent.yaml names: it asks them, and answers them once it is told to. */
export async function joinPeers(given: {
  node: string;
  api: ApiSettings;
  peers: PeersSettings;
  log: Log;
  /** How often each address is asked; a test has less time. */
  everyMs?: number;
}): Promise<JoinedPeers> {
  const { node, api, log, everyMs } = given;
  const nodes = [...new Set([node, ...Object.keys(given.peers)])];
  const servers: PeerServer[] = [];
  let served: Served | undefined;
  const use = (material: TlsMaterial): void => {
    for (const server of servers) server.renew(material);
    if (servers.length > 0 || served === undefined) return;
    for (const address of api.listen) servers.push(servePeers({ served, address, nodes, material }));
  };
  const keeper = await openTlsKeeper({ files: api.tls, node, log, onChange: use });
  let peers: Peers | undefined;
  return {
    peers: { find: (name) => peers?.find(name), names: () => peers?.names() ?? [] },
    begin: (onChange) => {
      peers = openPeers({ node, peers: given.peers, material: keeper.current, log, everyMs, onChange });
    },
    serve: (given) => {
      served = given;
      const material = keeper.current();
      if (material !== undefined) use(material);
    },
    reload: () => void keeper.look(),
    close: async () => {
      keeper.close();
      peers?.close();
      await Promise.all(servers.map(({ close }) => close()));
    },
  };
}
