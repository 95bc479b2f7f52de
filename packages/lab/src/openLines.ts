import { connect } from 'node:net';
import { posix } from 'node:path';
import { createInterface } from 'node:readline';
import type { LabHost } from './labHost.ts';

/** A program inside a host that answers lines of JSON; it ends with the lab. */
export type Lines = Readonly<{ ask: <Answer>(request: object, withinMs?: number) => Promise<Answer> }>;

type Waiting = Readonly<{ resolve: (value: never) => void; reject: (error: Error) => void }>;
type Line = Readonly<{ id: number; value?: unknown; error?: string }>;

/**
 * Starts a program of ours in a host, and talks with it over a socket in the file system of the host. The program gets
 * the path of the socket before its own words, and says `listening` when it is ready; `answerLines` of testkit is the
 * other end.
 *
 *   {"id":1,"do":"what was asked",...} -> {"id":1,"value":...} or {"id":1,"error":"why not"}
 */
export async function openLines(host: LabHost, program: string, ...words: string[]): Promise<Lines> {
  const path = `/run/${posix.basename(program)}.sock`;
  await startListening(host, program, path, words);
  const socket = connect(host.path(path));
  const waiting = new Map<number, Waiting>();
  // It ends with the lab, which is no news, unless somebody waits for an answer.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error(`${program} ended before it answered`));
  });
  createInterface({ input: socket }).on('line', (line) => {
    const { id, value, error } = JSON.parse(line) as Line;
    if (error === undefined) waiting.get(id)?.resolve(value as never);
    else waiting.get(id)?.reject(new Error(error));
  });
  let count = 0;
  return {
    ask: async (request, withinMs = 150_000) => {
      count += 1;
      const id = count;
      let timer: NodeJS.Timeout | undefined;
      return new Promise<never>((resolve, reject) => {
        const late = (): void => reject(new Error(`${JSON.stringify(request)} was not answered`));
        timer = setTimeout(late, withinMs);
        waiting.set(id, { resolve, reject });
        socket.write(`${JSON.stringify({ id, ...request })}\n`);
      }).finally(() => {
        clearTimeout(timer);
        waiting.delete(id);
      });
    },
  };
}

async function startListening(host: LabHost, program: string, path: string, words: string[]): Promise<void> {
  const argv = [process.execPath, '--disable-warning=ExperimentalWarning', program, path, ...words] as const;
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${program} does not listen after 20 s`)), 20_000);
    const started = host.start(argv, {
      onOutput: (text) => {
        if (text.includes('listening')) resolve();
      },
    });
    void started.ended.then(({ stderr }) => reject(new Error(`${program} ended: ${stderr}`)));
  }).finally(() => clearTimeout(timer));
}
