import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentEvent } from '@holdfast/core';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Events } from '../../src/events.ts';
import { streamEvents } from '../../src/program/routes/streamEvents.ts';

let folder: string;
let server: Server;
let events: Events;
let isWanted: (event: AgentEvent) => boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-events-'));
  events = new Events(() => 0);
  isWanted = () => true;
  server = createServer((asked, response) => {
    streamEvents(events, { from: Number(asked.url!.slice(1)), isWanted }, response);
  });
  server.listen(join(folder, 'socket'));
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

async function read(from: number): Promise<IncomingMessage> {
  const asked = request({ socketPath: join(folder, 'socket'), path: `/${from}`, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response;
}

const happens = (count: number, says = 'x'): void => {
  for (let index = 0; index < count; index += 1) events.emit({ kind: 'agent-stopping', says });
};

async function sequencesOf(response: IncomingMessage, until: number): Promise<number[]> {
  const found: number[] = [];
  let rest = '';
  response.setEncoding('utf8');
  for await (const piece of response) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const line of lines) found.push((JSON.parse(line) as AgentEvent).sequence);
    if (found.at(-1)! >= until) break;
  }
  return found;
}

describe('the stream of events', () => {
  test('gives a reader all that is kept, however long it is, and then what is new', async () => {
    happens(9_000, 'long '.repeat(200));
    const response = await read(0);
    const reading = sequencesOf(response, 9_010);
    happens(10);
    expect(await reading).toEqual(Array.from({ length: 9_010 }, (_, index) => index + 1));
  });

  test('begins at the oldest that is kept where more is asked for', async () => {
    happens(12_000);
    expect((await sequencesOf(await read(0), 12_000))[0]).toBe(2_001);
  });

  test('leaves out what is not wanted', async () => {
    isWanted = ({ kind }) => kind === 'adopted';
    happens(300);
    events.emit({ kind: 'adopted', tag: 'pg', says: 'found' });
    expect(await sequencesOf(await read(0), 301)).toEqual([301]);
  });

  test('lets go of a reader that does not read, and holds no memory for it', async () => {
    const response = await read(0);
    response.pause();
    const closed = once(response, 'close');
    response.on('error', () => undefined);
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    // Far more than is kept; each turn lets the server write what it can.
    for (let round = 0; round < 40; round += 1) {
      happens(1_000, 'long '.repeat(200));
      await new Promise((resolve) => setImmediate(resolve));
    }
    // What it still reads now is the little that was on its way.
    let bytes = 0;
    response.on('data', (piece: Buffer) => {
      bytes += piece.length;
    });
    response.resume();
    await closed.catch(() => undefined);
    expect(bytes).toBeLessThan(2 * 1024 * 1024);
    const after = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    // The kept events themselves are some megabytes; 40,000 of them in a queue would be forty.
    expect(after - before).toBeLessThan(30 * 1024 * 1024);
  });
});
