import { connect, type Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { Asked } from './trouble.ts';

export type Response = Readonly<{
  statusCode: number;
  /** The body as it comes. Throws `aborted` when the connection ends before all that was announced is there. */
  pieces: AsyncIterable<string>;
  close: () => void;
}>;

/**
 * Sends a request; answers when the head of the response is there. One connection for one request, in HTTP/1.0: the
 * body ends with the connection, so nothing of HTTP is needed but a head. Loading Node's own client for that takes
 * longer than a status command.
 */
export async function converse(asked: Asked & { body?: unknown }, signal: AbortSignal): Promise<Response> {
  const socket = await dial(asked.socketPath, signal);
  socket.write(requestOf(asked));
  const source = (socket as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    const { head, rest } = await readHead(source);
    const status = /^HTTP\/1[.][01] (\d{3})/.exec(head)?.[1];
    if (status === undefined) throw new Error('what answers does not speak HTTP');
    const announced = /^content-length: *(\d+) *$/im.exec(head)?.[1];
    return {
      statusCode: Number(status),
      pieces: bodyOf(rest, source, announced === undefined ? undefined : Number(announced)),
      close: () => socket.destroy(),
    };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function dial(path: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const socket = connect(path);
    const abort = (): void => {
      socket.destroy(new Error('aborted by the caller'));
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', abort));
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}

function requestOf({ method, path, node, body }: Asked & { body?: unknown }): string {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const about =
    text === undefined
      ? ''
      : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`;
  const meant = node === undefined ? '' : `Holdfast-Node: ${encodeURIComponent(node)}\r\n`;
  return `${method} ${path} HTTP/1.0\r\nHost: agent\r\n${meant}${about}\r\n${text ?? ''}`;
}

/** A head that does not end within this is none. */
const headMax = 64 * 1024;

async function readHead(source: AsyncIterator<Buffer>): Promise<{ head: string; rest: Buffer }> {
  let read = Buffer.alloc(0);
  for (;;) {
    const end = read.indexOf('\r\n\r\n');
    if (end !== -1) return { head: read.toString('latin1', 0, end), rest: read.subarray(end + 4) };
    if (read.length > headMax) throw new Error('the head of the answer has no end');
    const piece = await source.next();
    if (piece.done === true)
      throw new Error(read.length === 0 ? 'aborted' : 'what answers does not speak HTTP');
    read = Buffer.concat([read, piece.value]);
  }
}

async function* bodyOf(
  rest: Buffer,
  source: AsyncIterator<Buffer>,
  announced: number | undefined,
): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8');
  let length = rest.length;
  if (rest.length > 0) yield decoder.write(rest);
  while (announced === undefined || length < announced) {
    const piece = await source.next();
    if (piece.done === true) {
      if (announced !== undefined) throw new Error('aborted');
      break;
    }
    length += piece.value.length;
    yield decoder.write(piece.value);
  }
  yield decoder.end();
}
