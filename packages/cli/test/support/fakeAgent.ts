import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewEvent, Status } from '@holdfast/core';

/** What the agent answers to one address: a status and a document, or full control of the response. */
export type Answer =
  | Readonly<{ status?: number; says: unknown }>
  | ((response: ServerResponse, body: unknown) => void);

export type FakeAgent = Readonly<{
  /** For HOLDFAST_ROOT. */
  root: string;
  /** What it was asked, in order: `POST /v1/commands` with its body. */
  asked: readonly Readonly<{ what: string; body: unknown }>[];
  close: () => Promise<void>;
}>;

/**
 * Answers by a script, because a real agent cannot be made to refuse, die or fall silent at a chosen moment. With no
 * script nobody listens; a status file is there when a status is given.
 */
export async function fakeAgent(
  script: Readonly<Record<string, Answer>> | undefined,
  status?: Status,
): Promise<FakeAgent> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
  const folder = join(root, 'run/holdfast');
  await mkdir(folder, { recursive: true });
  await chmod(root, 0o755);
  if (status !== undefined) await writeFile(join(folder, 'status.json'), JSON.stringify(status));
  const asked: { what: string; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const what = `${request.method} ${request.url}`;
    asked.push({ what, body });
    const answer = script?.[what];
    if (answer === undefined) response.writeHead(404).end('no such address');
    else if (typeof answer === 'function') answer(response, body);
    else response.writeHead(answer.status ?? 200).end(JSON.stringify(answer.says));
  });
  if (script !== undefined)
    await new Promise<void>((resolve) => server.listen(join(folder, 'agent.sock'), resolve));
  return {
    root,
    asked,
    close: async () => {
      server.closeAllConnections();
      if (script !== undefined) await new Promise((resolve) => server.close(resolve));
      await rm(root, { recursive: true });
    },
  };
}

/** A stream of events that ends, or stays open as long as its agent lives. */
export function streaming(events: readonly NewEvent[], then: 'ends' | 'stays' = 'ends'): Answer {
  return (response) => {
    const lines = events.map((event, index) => JSON.stringify({ sequence: 7 + index, at: 0, ...event }));
    response.write(`${lines.join('\n')}\n`);
    if (then === 'ends') response.end();
  };
}
