import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { waitUntil } from '@holdfast/kit';

/** Asks a program that answers lines of JSON on a Unix socket. */
export class Lines {
  readonly #socket: Socket;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #count = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket }).on('line', (line) => {
      const { id, value, error } = JSON.parse(line) as { id: number; value?: unknown; error?: string };
      const one = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) one?.resolve(value);
      else one?.reject(new Error(error));
    });
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the program ended'));
    });
  }

  /** As soon as the program listens there. */
  static async to(path: string): Promise<Lines> {
    const socket = await waitUntil(() => tryConnect(path), { withinMs: 10_000 });
    if (socket === undefined) throw new Error(`nobody listens at ${path}`);
    return new Lines(socket);
  }

  ask<Answer>(request: object): Promise<Answer> {
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#socket.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

function tryConnect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
