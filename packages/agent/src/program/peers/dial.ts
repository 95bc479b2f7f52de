import { connect, type TLSSocket } from 'node:tls';
import { type Address, showAddress } from './address.ts';
import { callerNamed } from './callerNamed.ts';
import type { TlsMaterial } from './readTlsFiles.ts';

/** Long enough for a busy node; short enough that a dead address does not use up what the next one needs. */
const withinMs = 1_500;

/** A connection to a node at one of its addresses. Whoever answers there must be that node by its certificate. */
export function dial(node: string, address: Address, { ca, cert, key }: TlsMaterial): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...address,
      ...{ ca, cert, key },
      minVersion: 'TLSv1.3',
      // By its name as a node, at whatever address: not by the name of a host.
      checkServerIdentity: () => undefined,
    });
    const fail = (why: string): void => {
      clearTimeout(late);
      socket.destroy();
      reject(new Error(`${showAddress(address)}: ${why}`));
    };
    const late = setTimeout(() => fail(`no answer within ${withinMs} ms`), withinMs);
    // Also for as long as it is kept: one that ends while nobody asks is no fault of the agent.
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    socket.once('secureConnect', () => {
      const named = callerNamed(socket.getPeerX509Certificate(), [node]);
      if (!named.ok) return fail(`it is not ${node}: ${named.why}`);
      clearTimeout(late);
      resolve(socket);
    });
  });
}
