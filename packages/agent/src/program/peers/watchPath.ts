import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { type HelloAnswer, helloAnswer, type PathStatus } from '@holdfast/core';
import { type Address, showAddress } from './address.ts';
import { dial } from './dial.ts';
import type { TlsMaterial } from './readTlsFiles.ts';

/** So often a node is asked on each address. */
export const askEveryMs = 2_000;
const withinMs = 1_500;
/** One answer that was lost, or came late, says nothing. */
const missesMax = 2;
const answerMax = 64 * 1024;

/** What one address of a node gave when it was asked last. */
export type Path = Readonly<{
  address: Address;
  status: () => PathStatus;
  told: () => NonNullable<ReturnType<typeof toldOf>> | undefined;
  close: () => void;
}>;

/**
 * Asks a node at one of its addresses who it is, again and again over one connection that is kept, so that a path which
 * is cut is known before it is needed.
 */
export function watchPath(given: {
  node: string;
  address: Address;
  material: () => TlsMaterial | undefined;
  everyMs: number;
  onChange: (state: PathStatus['state'], says: string | undefined) => void;
  /** What it says of itself has changed. */
  onTold: () => void;
}): Path {
  const { node, address, material, everyMs, onChange, onTold } = given;
  const closed = new AbortController();
  let socket: TLSSocket | undefined;
  let state: PathStatus['state'] = 'UNKNOWN';
  let from: string | undefined;
  let says: string | undefined;
  let lastHeardAt: number | undefined;
  let told: ReturnType<typeof toldOf> | undefined;
  let misses = 0;

  const set = (next: PathStatus['state'], why: string | undefined): void => {
    const isNew = next !== state;
    state = next;
    says = why;
    if (isNew) onChange(next, why);
  };
  const ask = async (): Promise<void> => {
    try {
      const now = material();
      if (now === undefined) throw new Error('this node has no certificate that it can use');
      if (socket === undefined || socket.destroyed) socket = await dial(node, address, now);
      const sentAt = Date.now();
      const hello = await helloOver(socket, AbortSignal.any([closed.signal, AbortSignal.timeout(withinMs)]));
      if (hello.node !== node) throw new Error(`the agent there calls itself ${hello.node}`);
      misses = 0;
      lastHeardAt = Date.now();
      from = socket.localAddress;
      const before = JSON.stringify(told);
      told = toldOf(hello, sentAt, lastHeardAt);
      set('ALIVE', undefined);
      if (JSON.stringify(told) !== before) onTold();
    } catch (error) {
      socket?.destroy();
      socket = undefined;
      misses += 1;
      if (misses >= missesMax || state !== 'ALIVE')
        set('DEAD', (error as Error).message.replace(`${showAddress(address)}: `, ''));
    }
  };
  const repeat = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      await ask();
      // One that did not answer is asked again at once, so that a single lost answer is soon made up for.
      await pause(misses > 0 && misses < missesMax ? 0 : everyMs, undefined, { signal: closed.signal }).catch(
        () => undefined,
      );
    }
    socket?.destroy();
  };
  void repeat();
  return {
    address,
    status: () => ({
      address: showAddress(address),
      state,
      ...(from === undefined ? {} : { from }),
      ...(state === 'DEAD' && lastHeardAt !== undefined ? { lastHeardAt } : {}),
      ...(says === undefined ? {} : { says }),
    }),
    told: () => (state === 'ALIVE' ? told : undefined),
    close: () => closed.abort(),
  };
}

/** Below this, what clocks differ by is as well the way there and back. */
const clockDifferenceMinMs = 500;

function toldOf(
  { version, featureLevel, phase, generation, mayAct, at }: HelloAnswer,
  sentAt: number,
  heardAt: number,
) {
  const ahead = Math.round(at - (sentAt + heardAt) / 2);
  const isDifferent = Math.abs(ahead) > Math.max(clockDifferenceMinMs, heardAt - sentAt);
  // Whole seconds: what changes all the time would have the status written all the time.
  const clock = isDifferent ? { clockAheadMs: Math.round(ahead / 1000) * 1000 } : {};
  return { version, featureLevel, phase, generation, mayAct, ...clock };
}

function helloOver(socket: TLSSocket, signal: AbortSignal): Promise<HelloAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        createConnection: () => socket,
        path: '/v1/hello',
        headers: { host: 'agent', connection: 'keep-alive' },
        signal,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          text += piece;
          if (text.length > answerMax) socket.destroy(new Error('the answer is too long'));
        });
        response.on('error', reject);
        response.on('end', () => {
          try {
            const json: unknown = JSON.parse(text);
            if (response.statusCode === 200) resolve(helloAnswer.parse(json));
            else reject(new Error(problemIn(json) ?? `HTTP ${response.statusCode}`));
          } catch (error) {
            reject(new Error('what it answers is not understood', { cause: error }));
          }
        });
      },
    );
    sent.on('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(signal.aborted ? `no answer within ${withinMs} ms` : sayReset(error))),
    );
    sent.end();
  });
}

/** With TLS 1.3 a server that does not take our certificate says so after we believe to be connected. */
function sayReset(error: NodeJS.ErrnoException): string {
  return error.code === 'ECONNRESET'
    ? 'it ended the connection (is our certificate of its authority?)'
    : error.message;
}

function problemIn(json: unknown): string | undefined {
  const [problem] = (json as { problems?: { what?: unknown; why?: unknown }[] } | null)?.problems ?? [];
  return problem === undefined ? undefined : `${problem.what}: ${problem.why}`;
}
