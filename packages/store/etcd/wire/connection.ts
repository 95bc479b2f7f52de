import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { SecureContextOptions } from 'node:tls';
import { CallFailed } from './callFailed.ts';
import { frame, Unframer } from './frames.ts';

/** What proves us to etcd, and etcd to us. */
export type TlsOptions = Readonly<{
  ca: string;
  cert?: string | undefined;
  key?: string | undefined;
  servername?: string | undefined;
}>;

export type CallOptions = Readonly<{ withinMs: number; headers?: Readonly<Record<string, string>> }>;

/** A call that goes on in both directions. */
export type StreamCall = Readonly<{
  send: (message: Uint8Array) => void;
  /** Ends when etcd ends it in order; throws `CallFailed` when it does not. What is not read is not fetched. */
  messages: AsyncIterable<Uint8Array>;
  /** With a reason, that is what the reader of the messages gets to see. */
  close: (why?: CallFailed) => void;
}>;

/**
 * One HTTP/2 connection to one member of etcd, with gRPC on it. It is opened by the first call, and opened again by
 * the first one after it broke.
 */
export class Connection {
  readonly #url: string;
  readonly #tls: TlsOptions | undefined;
  readonly #connectWithinMs: number;
  #opening: Promise<ClientHttp2Session> | undefined;
  #session: ClientHttp2Session | undefined;

  constructor(options: Readonly<{ url: string; tls?: TlsOptions | undefined; connectWithinMs: number }>) {
    this.#url = options.url;
    this.#tls = options.tls;
    this.#connectWithinMs = options.connectWithinMs;
  }

  /** One message for one. Throws `CallFailed`, which says whether etcd can have carried it out. */
  async call(path: string, message: Uint8Array, { withinMs, headers }: CallOptions): Promise<Uint8Array> {
    const endsAt = performance.now() + withinMs;
    const session = await this.#open();
    const left = Math.ceil(endsAt - performance.now());
    if (left <= 0) throw new CallFailed({ why: `not connected within ${withinMs} ms`, sent: false });
    const stream = this.#request(session, path, { ...headers, 'grpc-timeout': `${left}m` });
    const timer = setTimeout(() => {
      stream.destroy(new CallFailed({ why: `no answer within ${withinMs} ms`, sent: true, isLate: true }));
    }, left);
    try {
      stream.end(frame(message));
      let answer: Uint8Array | undefined;
      for await (const one of answersOf(stream)) answer = one;
      if (answer === undefined) throw new CallFailed({ why: 'an answer without a message', sent: true });
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  async stream(path: string, headers: Readonly<Record<string, string>>): Promise<StreamCall> {
    const stream = this.#request(await this.#open(), path, headers);
    return {
      send: (message) => {
        if (!stream.destroyed && !stream.writableEnded) stream.write(frame(message));
      },
      messages: answersOf(stream),
      close: (why) => stream.destroy(why),
    };
  }

  /** Ends every call on it at once. */
  close(): void {
    this.#session?.destroy();
    this.#session = undefined;
    this.#opening = undefined;
  }

  #request(session: ClientHttp2Session, path: string, headers: Readonly<Record<string, string>>) {
    try {
      return session.request({
        ...headers,
        [constants.HTTP2_HEADER_METHOD]: 'POST',
        [constants.HTTP2_HEADER_PATH]: path,
        [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
        [constants.HTTP2_HEADER_TE]: 'trailers',
      });
    } catch (error) {
      // The connection broke, or etcd is saying goodbye on it: nothing was sent.
      this.#forget(session);
      throw new CallFailed({ why: `${this.#url}: ${(error as Error).message}`, sent: false });
    }
  }

  #open(): Promise<ClientHttp2Session> {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  #connect(): Promise<ClientHttp2Session> {
    const session = connect(this.#url, { ...withoutUndefined(this.#tls), settings: { enablePush: false } });
    this.#session = session;
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(timer);
        this.#forget(session);
        session.destroy();
        reject(new CallFailed({ why: `${this.#url}: ${why}`, sent: false }));
      };
      const timer = setTimeout(
        () => fail(`no connection within ${this.#connectWithinMs} ms`),
        this.#connectWithinMs,
      );
      session.once('connect', () => {
        clearTimeout(timer);
        resolve(session);
      });
      session.on('error', (error) => fail(error.message));
      session.on('goaway', () => this.#forget(session));
      session.once('close', () => fail('the connection ended'));
    });
  }

  /** The next call opens a new one; calls that are under way on this one may still end. */
  #forget(session: ClientHttp2Session): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#opening = undefined;
  }
}

function withoutUndefined(tls: TlsOptions | undefined): SecureContextOptions {
  return Object.fromEntries(Object.entries(tls ?? {}).filter(([, value]) => value !== undefined));
}

/** The messages of a stream, then its gRPC status: anything but 0 is thrown. */
async function* answersOf(stream: ClientHttp2Stream): AsyncGenerator<Uint8Array> {
  let status: string | undefined;
  let says = '';
  const note = (headers: Record<string, unknown>): void => {
    if (
      headers[constants.HTTP2_HEADER_STATUS] !== undefined &&
      headers[constants.HTTP2_HEADER_STATUS] !== 200
    )
      says = `HTTP status ${headers[constants.HTTP2_HEADER_STATUS]}`;
    if (headers['grpc-status'] === undefined) return;
    status = String(headers['grpc-status']);
    says = unescaped(String(headers['grpc-message'] ?? ''));
  };
  stream.on('response', note);
  stream.on('trailers', note);
  const unframer = new Unframer();
  try {
    for await (const chunk of stream) yield* unframer.push(chunk as Uint8Array);
  } catch (error) {
    throw error instanceof CallFailed ? error : brokenOff(stream, error as Error);
  }
  if (status === '0') return;
  if (status === undefined) throw new CallFailed({ why: says || 'the connection ended', sent: true });
  throw new CallFailed({ why: says || `gRPC status ${status}`, sent: true, status: Number(status) });
}

function brokenOff(stream: ClientHttp2Stream, error: Error): CallFailed {
  // With this one code the server promises that it has not begun with the call.
  const isRefused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
  return new CallFailed({ why: error.message, sent: !isRefused });
}

/** Percent signs stand for what a header cannot hold; text that does not keep to it is shown as it is. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
