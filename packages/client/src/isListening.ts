import { connect } from 'node:net';

/** `not-known`: the permissions forbid to ask. */
export type Listening = 'yes' | 'no' | 'not-known';

/**
 * Whether an agent is there, from a bare connection. The pid in the status file would be a worse witness: it may
 * belong to another process by now, or to another pid namespace.
 */
export function isListening(socketPath: string): Promise<Listening> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const answer = (listening: Listening): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.setTimeout(1000, () => answer('not-known'));
    socket.once('connect', () => answer('yes'));
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      answer(code === 'ENOENT' || code === 'ENOTDIR' || code === 'ECONNREFUSED' ? 'no' : 'not-known'),
    );
  });
}
