import type { TLSSocket } from 'node:tls';
import type { PathStatus } from '@holdfast/core';
import type { Log, PeerReport } from '../../index.ts';
import { type Address, showAddress } from './address.ts';
import { dial } from './dial.ts';
import type { PeersSettings } from './peerSettings.ts';
import type { TlsMaterial } from './readTlsFiles.ts';
import { askEveryMs, type Path, watchPath } from './watchPath.ts';

/** Another node, and the ways to it. */
export type OpenPeer = Readonly<{
  report: () => PeerReport;
  /** A connection over the best way that answers. Rejects with what each of them said. */
  connect: () => Promise<TLSSocket>;
}>;

export type Peers = Readonly<{
  names: () => readonly string[];
  find: (node: string) => OpenPeer | undefined;
  close: () => void;
}>;

/** The other nodes that agent.yaml names, each asked on every address all the time. */
export function openPeers(given: {
  node: string;
  peers: PeersSettings;
  material: () => TlsMaterial | undefined;
  log: Log;
  everyMs?: number | undefined;
  /** A path came or went. */
  onChange: () => void;
}): Peers {
  const others = Object.entries(given.peers).filter(([name]) => name !== given.node);
  const opened = new Map(others.map(([name, addresses]) => [name, openPeer(name, addresses, given)]));
  return {
    names: () => [...opened.keys()],
    find: (node) => opened.get(node)?.peer,
    close: () => {
      for (const { close } of opened.values()) close();
    },
  };
}

type Given = Parameters<typeof openPeers>[0];

function openPeer(
  node: string,
  addresses: readonly Address[],
  { material, log, everyMs = askEveryMs, onChange }: Given,
): Readonly<{ peer: OpenPeer; close: () => void }> {
  /** Connections that requests were handed on over, by the address: they end when the path does. */
  const relayed = new Map<Address, Set<TLSSocket>>(addresses.map((address) => [address, new Set()]));
  const paths: readonly Path[] = addresses.map((address) =>
    watchPath({
      node,
      address,
      material,
      everyMs,
      onTold: onChange,
      onChange: (state, says) => {
        tell(log, node, address, state, says);
        if (state === 'DEAD')
          for (const socket of relayed.get(address)!) socket.destroy(new Error('the path is dead'));
        onChange();
      },
    }),
  );
  const connect = async (): Promise<TLSSocket> => {
    const now = material();
    if (now === undefined) throw new Error('this node has no certificate that it can use; see its log');
    const says: string[] = [];
    for (const { address } of [...paths].sort((a, b) => rank(a) - rank(b))) {
      try {
        const socket = await dial(node, address, now);
        relayed.get(address)!.add(socket);
        socket.once('close', () => relayed.get(address)!.delete(socket));
        return socket;
      } catch (error) {
        says.push((error as Error).message);
      }
    }
    throw new Error(says.join('; '));
  };
  return {
    peer: {
      connect,
      report: () => {
        const told = paths.map((path) => path.told()).find((one) => one !== undefined);
        return { paths: paths.map(({ status }) => status()), ...(told === undefined ? {} : { told }) };
      },
    },
    close: () => {
      for (const path of paths) path.close();
      for (const sockets of relayed.values()) for (const socket of sockets) socket.destroy();
    },
  };
}

/** In their order; those that answer first. */
function rank({ status }: Path): number {
  return status().state === 'DEAD' ? 1 : 0;
}

function tell(
  log: Log,
  node: string,
  address: Address,
  state: PathStatus['state'],
  says: string | undefined,
): void {
  const where = showAddress(address);
  if (state === 'ALIVE')
    log.info({ event: 'path-alive', node, address: where }, `${node} answers at ${where}`);
  else
    log.warn(
      { event: 'path-dead', node, address: where, says },
      `${node} does not answer at ${where}: ${says}`,
    );
}
