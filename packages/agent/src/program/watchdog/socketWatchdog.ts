import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { OpenedWatchdog } from './openedWatchdog.ts';

const answerWithinMs = 1_000;

/**
 * A watchdog behind a Unix socket, for whoever stands in for a device from outside of the node, as the lab does. It is told
 * `timeout MS`, answers `armed`, and runs from then on; `kick` puts it off, `disarm` stops it. A connection that ends
 * without that stops nothing, as with a device.
 */
export class SocketWatchdog implements OpenedWatchdog {
  readonly #path: string;
  readonly #timeoutMs: number;
  #socket: Socket | undefined;

  constructor({ path, timeoutMs }: Readonly<{ path: string; timeoutMs: number }>) {
    this.#path = path;
    this.#timeoutMs = timeoutMs;
  }

  async prepare(): Promise<void> {
    const socket = await this.#connect();
    socket.end();
  }

  async arm(): Promise<void> {
    if (this.#socket !== undefined) return;
    const socket = await this.#connect();
    const lines = createInterface({ input: socket });
    lines.on('error', () => undefined);
    const answer = new Promise<boolean>((resolve) => {
      lines.once('line', (line) => resolve(line === 'armed'));
      socket.once('close', () => resolve(false));
      setTimeout(() => resolve(false), answerWithinMs).unref();
    });
    socket.write(`timeout ${this.#timeoutMs}\n`);
    if (!(await answer)) {
      socket.destroy();
      throw new Error(`the watchdog at ${this.#path} did not say that it is armed`);
    }
    this.#socket = socket;
    socket.once('close', () => {
      this.#socket = undefined;
    });
  }

  kick(): void {
    this.#socket?.write('kick\n');
  }

  async disarm(): Promise<boolean> {
    this.#socket?.end('disarm\n');
    this.#socket = undefined;
    return true;
  }

  #connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.#path);
      const timer = setTimeout(() => socket.destroy(new Error('no answer')), answerWithinMs);
      socket.once('connect', () => {
        clearTimeout(timer);
        resolve(socket);
      });
      socket.on('error', (error) => {
        clearTimeout(timer);
        reject(new Error(`the watchdog at ${this.#path} does not answer: ${error.message}`));
      });
    });
  }
}
