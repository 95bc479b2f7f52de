import { connect } from 'node:net';

const protocolVersion = 196_608;
const readyForQuery = 'Z'.charCodeAt(0);
const dataRow = 'D'.charCodeAt(0);

/**
 * A client of its own, which knows nothing of the kit: connects anew, asks one question, and says whether a row came.
 * It speaks to the socket itself, so that a look costs a millisecond and measures the server and not a program.
 */
export function isServed(socketPath: string, withinMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const finish = (isRow: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isRow);
    };
    const timer = setTimeout(() => finish(false), withinMs);
    let heard = Buffer.alloc(0);
    let hasAsked = false;
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('connect', () => socket.write(startup()));
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk]);
      const kinds = messageKinds(heard);
      if (kinds.includes(dataRow)) finish(true);
      else if (kinds.includes(readyForQuery) && !hasAsked) {
        hasAsked = true;
        socket.write(message('Q', 'select 1\0'));
      }
    });
  });
}

function startup(): Buffer {
  const text = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(text.length + 8, 0);
  head.writeInt32BE(protocolVersion, 4);
  return Buffer.concat([head, text]);
}

function message(kind: string, text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(5);
  head.write(kind, 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function messageKinds(heard: Buffer): readonly number[] {
  const kinds: number[] = [];
  for (let at = 0; at + 5 <= heard.length; at += 1 + heard.readInt32BE(at + 1)) kinds.push(heard[at]!);
  return kinds;
}
