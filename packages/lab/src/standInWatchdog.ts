import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { LabNode } from './labHost.ts';

/** A watchdog of a node, as the lab sees it. */
export type LabWatchdog = Readonly<{
  /** As the node sees it. */
  socket: string;
  /** Whether it has cut the power of its node. */
  hasBitten: () => boolean;
  /** What it heard. */
  kicks: () => number;
  close: () => void;
}>;

const path = '/run/watchdog.sock';

/**
 * Stands in for a watchdog device: outside of the node, so that nothing of what becomes of the node holds it up. It is armed
 * by `timeout MS`, put off by `kick`, stopped by `disarm` alone, and cuts the power of its node.
 */
export async function standInWatchdog(node: LabNode, cutPower: () => Promise<void>): Promise<LabWatchdog> {
  let timer: NodeJS.Timeout | undefined;
  let timeoutMs = 0;
  let kicks = 0;
  let hasBitten = false;
  const wind = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      hasBitten = true;
      void cutPower();
    }, timeoutMs);
    timer.unref();
  };
  const hear = (line: string, socket: Socket): void => {
    const [word, value] = line.split(' ');
    if (word === 'timeout') {
      timeoutMs = Number(value);
      wind();
      socket.write('armed\n');
    } else if (word === 'kick' && timer !== undefined) {
      kicks += 1;
      wind();
    } else if (word === 'disarm') {
      clearTimeout(timer);
      timer = undefined;
    }
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const lines = createInterface({ input: socket });
    lines.on('error', () => undefined);
    lines.on('line', (line) => hear(line, socket));
  });
  server.unref();
  const outside = node.path(path);
  rmSync(outside, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(outside, resolve);
  });
  return {
    socket: path,
    hasBitten: () => hasBitten,
    kicks: () => kicks,
    close: () => {
      clearTimeout(timer);
      server.close();
    },
  };
}
