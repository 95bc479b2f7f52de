import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { LabHost } from '@holdfast/lab';

/** A program inside a host that answers lines of JSON; it ends with the lab. */
export type Lines = Readonly<{ ask: (request: object) => Promise<Record<string, unknown>> }>;

/** Starts a program of ours in a host, and talks with it over a socket in its file system. */
export async function openLines(host: LabHost, program: string): Promise<Lines> {
  const path = `/run/${program.split('/').at(-1)}.sock`;
  await new Promise<void>((resolve, reject) => {
    const started = host.start([process.execPath, '--disable-warning=ExperimentalWarning', program, path], {
      onOutput: (text) => {
        if (text.includes('listening')) resolve();
      },
    });
    void started.ended.then(({ stderr }) => reject(new Error(`${program} ended: ${stderr}`)));
  });
  const socket = connect(host.path(path));
  const waiting = new Map<number, (answer: Record<string, unknown>) => void>();
  // It ends with the lab, which is no news.
  socket.on('error', () => undefined);
  createInterface({ input: socket }).on('line', (line) => {
    const answer = JSON.parse(line) as Record<string, unknown>;
    waiting.get(answer.id as number)?.(answer);
    waiting.delete(answer.id as number);
  });
  let count = 0;
  return {
    ask: (request) =>
      new Promise((resolve) => {
        count += 1;
        waiting.set(count, resolve);
        socket.write(`${JSON.stringify({ id: count, ...request })}\n`);
      }),
  };
}
