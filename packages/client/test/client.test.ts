import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer as createPlainServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { type Answer, agentPaths, connect, isListening, readStatusFile, TroubleError } from '../src/index.ts';
import { type Served, serve } from './serve.ts';

const open: Served[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
});

async function answering(answer: RequestListener): Promise<string> {
  const served = await serve(answer);
  open.push(served);
  return served.socketPath;
}

function troubleOf(answer: Answer<unknown>): {
  kind: string;
  code: string | undefined;
  why: string | undefined;
} {
  if (answer.ok) throw new Error('an answer where trouble was expected');
  const { kind, problems } = answer.trouble;
  return { kind, code: problems[0]?.code, why: problems[0]?.why };
}

const event = (sequence: number) => ({ sequence, at: 0, kind: 'adopted', tag: 'ip', says: 'runs already' });

test('a request goes to its address with its body, and the answer is typed', async () => {
  const seen: unknown[] = [];
  const socketPath = await answering(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    seen.push([request.method, request.url, JSON.parse(body)]);
    response.end(JSON.stringify({ command: 'c1', fromEvent: 7, plan: { steps: [], notes: [] } }));
  });
  const answer = await connect({ socketPath }).command({ action: 'restore', tag: 'mail', by: 'eve' });
  expect(seen).toEqual([['POST', '/v1/commands', { action: 'restore', tag: 'mail', by: 'eve' }]]);
  expect(answer).toEqual({
    ok: true,
    value: { command: 'c1', fromEvent: 7, plan: { steps: [], notes: [] } },
  });
});

test('each method asks at its own address', async () => {
  const operation = { id: 'o/1', cause: 'c', begunAt: 1, result: 'done', events: [event(1)] };
  const answers: Record<string, unknown> = {
    'GET /v1/configuration': { generation: 1, document: { nodes: ['alpha'] } },
    'POST /v1/checks': { finding: 'in-service', evidence: '', tookMs: 1 },
    'GET /v1/operations': { operations: [operation] },
    'GET /v1/operations/o%2F1': operation,
  };
  const socketPath = await answering((request, response) => {
    response.end(JSON.stringify(answers[`${request.method} ${request.url}`]));
  });
  const client = connect({ socketPath });
  const said = [
    await client.configuration(),
    await client.check({ tag: 'mail', action: 'quickCheck' }),
    await client.operations(),
    await client.operation('o/1'),
  ];
  expect(said).toEqual(Object.values(answers).map((value) => ({ ok: true, value })));
});

test('what is meant for another node names it, in requests and in streams, and asks the agent of this one', async () => {
  const meant: unknown[] = [];
  const socketPath = await answering((request, response) => {
    meant.push([request.url, request.headers['holdfast-node']]);
    if (request.url === '/v1/events') response.end(`${JSON.stringify(event(1))}\n`);
    else response.end(JSON.stringify({ generation: 1, document: {} }));
  });
  const client = connect({ socketPath, node: 'bêta 2' });
  expect((await client.configuration()).ok).toBe(true);
  for await (const _ of client.events(undefined, new AbortController().signal)) break;
  expect(meant).toEqual([
    ['/v1/configuration', 'b%C3%AAta%202'],
    ['/v1/events', 'b%C3%AAta%202'],
  ]);
});

test('with the agent of this node down, what is meant for another says where to run it', async () => {
  const answer = await connect({ socketPath: '/nowhere/agent.sock', node: 'beta' }).status();
  expect(troubleOf(answer)).toMatchObject({ kind: 'AgentDown', code: 'AGENT_DOWN' });
  expect(answer).toMatchObject({
    trouble: { problems: [{ todo: expect.stringContaining('Or run the command on beta') }] },
  });
});

test('an agent that never ran is down, and the trouble says how to start it', async () => {
  const answer = await connect({ socketPath: '/nowhere/agent.sock' }).status();
  expect(troubleOf(answer)).toMatchObject({
    kind: 'AgentDown',
    why: 'there is no socket /nowhere/agent.sock',
  });
});

test('a socket that an agent left behind when it died is down as well', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-client-'));
  const socketPath = join(folder, 'agent.sock');
  await writeFile(socketPath, '');
  try {
    expect(troubleOf(await connect({ socketPath }).status())).toMatchObject({
      kind: 'AgentDown',
      code: 'AGENT_DOWN',
    });
    expect(await isListening(socketPath)).toBe('no');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a refusal carries the problems of the agent unchanged', async () => {
  const problem = { code: 'CYCLE', path: 'resources.db', what: 'a', why: 'b', todo: 'c' };
  const socketPath = await answering((_, response) => {
    response.writeHead(409).end(JSON.stringify({ problems: [problem] }));
  });
  expect(await connect({ socketPath }).apply({ document: {} })).toEqual({
    ok: false,
    trouble: { kind: 'Refused', problems: [problem] },
  });
});

test.each([
  ['is not JSON', 200, 'hello', 'it is not JSON: hello'],
  ['lacks a field', 200, '{"generation":1}', /^changes: /],
  ['is an error without problems', 500, 'oops', 'HTTP 500: oops'],
  ['refuses without a problem', 400, '{"problems":[]}', 'HTTP 400: {"problems":[]}'],
])('an answer that %s is broken, and says where', async (_, status, text, why) => {
  const socketPath = await answering((_request, response) => response.writeHead(status).end(text));
  expect(troubleOf(await connect({ socketPath }).apply({ document: {} }))).toEqual({
    kind: 'Broken',
    code: 'ANSWER_BROKEN',
    why: typeof why === 'string' ? why : expect.stringMatching(why),
  });
});

test('something that does not speak HTTP is broken and no crash', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-client-'));
  const socketPath = join(folder, 'agent.sock');
  const server = createPlainServer((socket) => socket.resume().end('220 mail ready\r\n'));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  try {
    expect(troubleOf(await connect({ socketPath }).status()).kind).toBe('Broken');
  } finally {
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  }
});

test('an agent that does not answer is given up after the bound', async () => {
  const socketPath = await answering(() => undefined);
  expect(troubleOf(await connect({ socketPath, boundMs: 50 }).status())).toMatchObject({
    kind: 'Silent',
    why: 'no answer within 0.05 s',
  });
});

test('an answer that stops half-way is given up after the bound too', async () => {
  const socketPath = await answering((_, response) => {
    response.writeHead(200).write('{');
  });
  expect(troubleOf(await connect({ socketPath, boundMs: 50 }).status()).kind).toBe('Silent');
});

test('an agent that dies in mid-answer is lost', async () => {
  const socketPath = await answering((request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{', () => request.socket.destroy());
  });
  expect(troubleOf(await connect({ socketPath }).status())).toMatchObject({
    kind: 'Lost',
    code: 'AGENT_LOST',
  });
});

test('events arrive one by one, also when their lines are cut anywhere, and end with the agent', async () => {
  const asked: (string | undefined)[] = [];
  const socketPath = await answering((request, response) => {
    asked.push(request.url);
    const text = `${JSON.stringify(event(5))}\n${JSON.stringify(event(6))}\n{"half":`;
    response.write(text.slice(0, 20), () => response.write(text.slice(20), () => request.socket.destroy()));
  });
  const seen: number[] = [];
  for await (const { sequence } of connect({ socketPath }).events(5, new AbortController().signal))
    seen.push(sequence);
  expect(asked).toEqual(['/v1/events?from=5']);
  expect(seen).toEqual([5, 6]);
});

test('events end when the one who follows has seen enough', async () => {
  const closed = Promise.withResolvers<void>();
  const socketPath = await answering((request, response) => {
    request.socket.once('close', () => closed.resolve());
    response.write(`${JSON.stringify(event(1))}\n`);
  });
  for await (const _ of connect({ socketPath }).events(undefined, new AbortController().signal)) break;
  await closed.promise;
});

test('events end when the signal aborts while there is nothing to tell', async () => {
  const stop = new AbortController();
  const socketPath = await answering((_, response) => {
    response.flushHeaders();
    stop.abort();
  });
  const seen: unknown[] = [];
  for await (const one of connect({ socketPath }).events(1, stop.signal)) seen.push(one);
  expect(seen).toEqual([]);
});

test('an event that is not understood ends the following with trouble', async () => {
  const socketPath = await answering((_, response) => response.end('{"kind":"sung"}\n'));
  const follow = async () => {
    for await (const _ of connect({ socketPath }).events(1, new AbortController().signal));
  };
  await expect(follow()).rejects.toBeInstanceOf(TroubleError);
  await expect(follow()).rejects.toMatchObject({ trouble: { kind: 'Broken' } });
});

test('events of an agent that is down are trouble and not silence', async () => {
  const events = connect({ socketPath: '/nowhere/agent.sock' }).events(1, new AbortController().signal);
  await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    trouble: { kind: 'AgentDown' },
  });
});

test('the status file is read with its age, and what is no status is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-client-'));
  const path = join(folder, 'status.json');
  const lists = { nodes: [], hierarchies: [], resources: [], operations: [] };
  try {
    expect(troubleOf(await readStatusFile(path))).toMatchObject({ code: 'NO_STATUS_FILE' });
    await writeFile(path, JSON.stringify({ schema: 'holdfast.status/1', at: Date.now() - 60_000, ...lists }));
    const read = await readStatusFile(path);
    if (!read.ok) throw new Error('the file was not read');
    expect(read.value.ageMs).toBeGreaterThanOrEqual(60_000);
    expect(read.value.ageMs).toBeLessThan(90_000);
    for (const text of ['', 'null', '{"schema":"holdfast.status/2"}', '{"schema":"holdfast.status/1"}']) {
      await writeFile(path, text);
      expect(troubleOf(await readStatusFile(path))).toMatchObject({ code: 'STATUS_FILE_BROKEN' });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('one root moves every path', () => {
  expect(agentPaths('')).toEqual({
    socket: '/run/holdfast/agent.sock',
    statusFile: '/run/holdfast/status.json',
    settings: '/etc/holdfast/agent.yaml',
    state: '/var/lib/holdfast',
  });
  expect(agentPaths('/tmp/alpha/').socket).toBe('/tmp/alpha/run/holdfast/agent.sock');
});

test('whether an agent listens is seen without asking it anything', async () => {
  const socketPath = await answering(() => {
    throw new Error('nothing was to be asked');
  });
  await chmod(socketPath, 0o600);
  expect(await isListening(socketPath)).toBe('yes');
  expect(await isListening(`${socketPath}.not`)).toBe('no');
});
