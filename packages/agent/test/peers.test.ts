import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { run } from '@holdfast/kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { Agent, Log } from '../src/index.ts';
import { type JoinedPeers, joinPeers } from '../src/program/peers/joinPeers.ts';
import type { Served } from '../src/program/routes/route.ts';
import { serve } from '../src/program/server.ts';

/*
 * Two nodes on this machine's loopback, with certificates that openssl makes: what a node says to the right caller, to
 * every wrong one, and what it hands on.
 */

let folder: string;
const file = (name: string): string => join(folder, name);

async function openssl(...words: string[]): Promise<void> {
  const { ok, stderr } = await run(['openssl', ...words], { budgetMs: 20_000 });
  if (!ok) throw new Error(stderr);
}

const newKey = (name: string) => [
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:prime256v1',
  '-nodes',
  '-keyout',
  file(`${name}.key`),
];

async function authority(name: string): Promise<void> {
  await openssl(
    'req',
    '-x509',
    ...newKey(name),
    '-subj',
    `/CN=${name}`,
    '-days',
    '2',
    '-out',
    file(`${name}.pem`),
  );
}

/** `${name}.pem` and `${name}.key`, in the names of nodes. */
async function certificate(
  name: string,
  { by = 'ca', san = `DNS:${name}`, days = '2' }: { by?: string; san?: string; days?: string } = {},
): Promise<void> {
  await openssl('req', ...newKey(name), '-subj', '/CN=somebody', '-out', file(`${name}.csr`));
  await writeFile(file(`${name}.ext`), `subjectAltName=${san}\n`);
  await openssl(
    ...['x509', '-req', '-in', file(`${name}.csr`), '-CA', file(`${by}.pem`), '-CAkey', file(`${by}.key`)],
    ...['-CAcreateserial', '-days', days, '-extfile', file(`${name}.ext`), '-out', file(`${name}.pem`)],
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-peers-'));
  await Promise.all([authority('ca'), authority('other')]);
  for (const name of ['alpha', 'beta', 'stranger']) await certificate(name);
  await certificate('foreign', { by: 'other', san: 'DNS:alpha' });
  await certificate('old', { san: 'DNS:alpha', days: '-1' });
  await certificate('both', { san: 'DNS:alpha,DNS:beta' });
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

type Node = { joined: JoinedPeers; app: FastifyInstance; socket: string; said: string[]; asked: unknown[] };
const open: Node[] = [];
let ports: Record<'alpha' | 'beta', number>;

beforeEach(async () => {
  ports = { alpha: await freePort(), beta: await freePort() };
});
afterEach(async () => {
  for (const { joined, app } of open.splice(0)) {
    await joined.close();
    await app.close();
  }
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** A node whose agent answers a few things; `as` are the files of its certificate. */
async function node(name: 'alpha' | 'beta', as: string = name): Promise<Node> {
  const said: string[] = [];
  const asked: unknown[] = [];
  const tell = (_: object, says: string) => void said.push(says);
  const log: Log = { debug: tell, info: tell, warn: tell, error: tell };
  const hello = {
    schema: 'holdfast.hello/1',
    node: name,
    version: '0.1.0',
    featureLevel: 1,
    phase: 'running',
    generation: 3,
    mayAct: true,
    at: Date.now(),
  };
  const agent = {
    hello: () => hello,
    configuration: () => ({ generation: 3, document: { of: name } }),
    pauses: {
      pause: async (request: unknown) => {
        asked.push(request);
        return { ok: true, value: { tags: [] } };
      },
    },
    events: { next: 0, oldest: 0, from: () => [], listen: () => () => undefined },
  } as unknown as Agent;
  const served = { agent, log } as unknown as Served;
  const address = (port: number) => ({ host: '127.0.0.1', port });
  const joined = await joinPeers({
    node: name,
    api: {
      listen: [address(ports[name])],
      tls: { ca: file('ca.pem'), cert: file(`${as}.pem`), key: file(`${as}.key`) },
    },
    peers: { alpha: [address(ports.alpha)], beta: [address(ports.beta)] },
    log,
    everyMs: 100,
  });
  joined.begin(() => undefined);
  joined.serve(served);
  const socket = file(`${name}-${ports[name]}.sock`);
  const app = await serve(served, socket, undefined, {
    node: name,
    isNode: (one) => one === 'delta',
    ...joined.peers,
  });
  const made = { joined, app, socket, said, asked };
  open.push(made);
  return made;
}

type Said = Readonly<{
  status: number;
  json: { problems?: { code: string; why: string }[] } & Record<string, unknown>;
}>;

/** Asks through the socket of a node, for the node itself or for another. */
function ask(
  of: Node,
  method: string,
  path: string,
  options: { for?: string; body?: unknown } = {},
): Promise<Said> {
  const text = options.body === undefined ? undefined : JSON.stringify(options.body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath: of.socket,
        method,
        path,
        agent: false,
        headers: {
          ...(options.for === undefined ? {} : { 'holdfast-node': encodeURIComponent(options.for) }),
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      },
      async (response) => {
        let said = '';
        for await (const piece of response) said += piece;
        resolve({ status: response.statusCode!, json: JSON.parse(said) });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

async function until<Value>(look: () => Value, isIt: (value: Value) => boolean): Promise<Value> {
  const deadline = performance.now() + 8_000;
  for (;;) {
    const value = look();
    if (isIt(value)) return value;
    if (performance.now() > deadline) throw new Error(`it stays ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const stateOf = (of: Node, name: string) => of.joined.peers.find(name)?.report().paths?.[0]?.state;
const saysOf = (of: Node, name: string) => of.joined.peers.find(name)?.report().paths?.[0]?.says ?? '';

describe('nodes that speak to each other', () => {
  test('see each other, and hand on what is meant for the other', async () => {
    const [alpha, beta] = [await node('alpha'), await node('beta')];
    await until(
      () => [stateOf(alpha, 'beta'), stateOf(beta, 'alpha')].join(),
      (both) => both === 'ALIVE,ALIVE',
    );
    expect(alpha.joined.peers.find('beta')!.report().told).toMatchObject({
      phase: 'running',
      mayAct: true,
      generation: 3,
    });
    const own = await ask(alpha, 'GET', '/v1/configuration', { for: 'alpha' });
    expect(own.json).toEqual({ generation: 3, document: { of: 'alpha' } });
    const other = await ask(alpha, 'GET', '/v1/configuration', { for: 'beta' });
    expect(other).toEqual({ status: 200, json: { generation: 3, document: { of: 'beta' } } });
  }, 20_000);

  test('name who asked with the node from which it was asked', async () => {
    const [alpha, beta] = [await node('alpha'), await node('beta')];
    const body = { tag: 'pg', why: 'work', by: 'eve' };
    expect(await ask(alpha, 'POST', '/v1/pauses', { for: 'beta', body })).toMatchObject({ status: 200 });
    expect(beta.asked).toMatchObject([{ tag: 'pg', by: 'eve at alpha' }]);
    expect(await ask(beta, 'POST', '/v1/pauses', { body })).toMatchObject({ status: 200 });
    expect(beta.asked[1]).toMatchObject({ by: 'eve' });
    expect(beta.said).toContain('alpha asks: POST /v1/pauses');
  }, 20_000);

  test('hand on a refusal as it was said', async () => {
    const [alpha] = [await node('alpha'), await node('beta')];
    const refused = await ask(alpha, 'POST', '/v1/pauses', { for: 'beta', body: { scope: 'moon' } });
    expect(refused.status).toBe(400);
    expect((await ask(alpha, 'GET', '/v1/nothing', { for: 'beta' })).status).toBe(404);
  }, 20_000);

  test('say why one cannot be asked', async () => {
    const alpha = await node('alpha');
    const dead = await ask(alpha, 'GET', '/v1/status', { for: 'beta' });
    expect(dead).toMatchObject({ status: 503, json: { problems: [{ code: 'NODE_UNREACHABLE' }] } });
    expect(dead.json.problems![0]!.why).toContain('ECONNREFUSED');
    const unknown = await ask(alpha, 'GET', '/v1/status', { for: 'gamma' });
    expect(unknown).toMatchObject({ status: 404, json: { problems: [{ code: 'UNKNOWN_NODE' }] } });
    const unnamed = await ask(alpha, 'GET', '/v1/status', { for: 'delta' });
    expect(unnamed).toMatchObject({ status: 503, json: { problems: [{ code: 'NODE_UNREACHABLE' }] } });
  }, 20_000);

  test('find out that the other is gone, and that it is back', async () => {
    const [alpha, beta] = [await node('alpha'), await node('beta')];
    await until(
      () => stateOf(alpha, 'beta'),
      (state) => state === 'ALIVE',
    );
    await beta.joined.close();
    await until(
      () => stateOf(alpha, 'beta'),
      (state) => state === 'DEAD',
    );
    expect(alpha.joined.peers.find('beta')!.report()).toMatchObject({
      paths: [{ lastHeardAt: expect.any(Number) }],
    });
    await node('beta');
    await until(
      () => stateOf(alpha, 'beta'),
      (state) => state === 'ALIVE',
    );
  }, 20_000);

  test('end what they handed on when the path to the other ends', async () => {
    const [alpha, beta] = [await node('alpha'), await node('beta')];
    const streamed = new Promise<string>((resolve, reject) => {
      request(
        {
          socketPath: alpha.socket,
          path: '/v1/events?from=0',
          agent: false,
          headers: { 'holdfast-node': 'beta' },
        },
        (response) => {
          response
            .on('close', () => resolve('closed'))
            .on('error', () => undefined)
            .resume();
          void beta.joined.close();
        },
      )
        .on('error', reject)
        .end();
    });
    expect(await streamed).toBe('closed');
  }, 20_000);
});

describe('a caller that is no node', () => {
  /** What the server at alpha says to who shows these files; undefined when it ends the connection unheard. */
  function call(options: { cert?: string; maxVersion?: 'TLSv1.2' } = {}): Promise<string> {
    return new Promise((resolve) => {
      const shown =
        options.cert === undefined
          ? {}
          : {
              cert: readFileSync(file(`${options.cert}.pem`)),
              key: readFileSync(file(`${options.cert}.key`)),
            };
      const version = options.maxVersion === undefined ? {} : { maxVersion: options.maxVersion };
      let said = '';
      const socket = connectTls({
        host: '127.0.0.1',
        port: ports.alpha,
        ca: readFileSync(file('ca.pem')),
        checkServerIdentity: () => undefined,
        ...shown,
        ...version,
      });
      socket.on('data', (piece) => {
        said += piece;
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        said += error.code;
      });
      socket.on('close', () => resolve(said));
      socket.write('GET /v1/hello HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n');
    });
  }

  test('is not heard without a certificate of the right authority', async () => {
    const alpha = await node('alpha');
    await until(
      () => alpha.said.join(),
      (said) => said.includes('other nodes reach this one'),
    );
    expect(await call({ cert: 'beta' })).toMatch(/^HTTP\/1.1 200/);
    expect(await call()).toMatch(/^ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED/);
    for (const unheard of [
      { cert: 'foreign' },
      { cert: 'old' },
      { cert: 'beta', maxVersion: 'TLSv1.2' },
    ] as const)
      expect(await call(unheard)).not.toContain('HTTP');
  }, 20_000);

  test('is told so when its certificate is good and names no node, or more than one', async () => {
    const alpha = await node('alpha');
    await until(
      () => alpha.said.join(),
      (said) => said.includes('other nodes reach this one'),
    );
    for (const [cert, why] of [
      ['stranger', 'names no node of this cluster'],
      ['both', 'names more than one node'],
    ] as const) {
      const said = await call({ cert });
      expect(said).toMatch(/^HTTP\/1.1 403/);
      expect(said).toContain(why);
    }
  }, 20_000);

  test('is not believed to be another node by who asks it', async () => {
    const alpha = await node('alpha');
    // Who has the address of beta shows a certificate in the name of alpha.
    ports = { ...ports, alpha: ports.beta };
    await node('alpha');
    await until(
      () => saysOf(alpha, 'beta'),
      (says) => says.includes('it is not beta'),
    );
    const asked = await ask(alpha, 'GET', '/v1/status', { for: 'beta' });
    expect(asked).toMatchObject({ status: 503, json: { problems: [{ code: 'NODE_UNREACHABLE' }] } });
  }, 20_000);
});

describe('the files of a node', () => {
  test.each([
    [
      'a key that others may read',
      async () => chmod(file('alpha.key'), 0o640),
      'others than its owner may read it',
    ],
    [
      'a certificate that others may change',
      async () => chmod(file('alpha.pem'), 0o666),
      'others may write to it',
    ],
  ])(
    'are not used with %s, until that is mended',
    async (_, spoil, why) => {
      await spoil();
      const alpha = await node('alpha');
      expect(alpha.said.join('\n')).toContain(why);
      await node('beta');
      expect(stateOf(alpha, 'beta')).toBe('DEAD');
      await chmod(file('alpha.key'), 0o600);
      await chmod(file('alpha.pem'), 0o644);
      alpha.joined.reload();
      await until(
        () => stateOf(alpha, 'beta'),
        (state) => state === 'ALIVE',
      );
    },
    20_000,
  );

  test.each([
    ['old', 'its time was over'],
    ['beta', 'it is not in the name of this node, alpha'],
  ])(
    'are not used with the certificate %s',
    async (as, why) => {
      const alpha = await node('alpha', as);
      expect(alpha.said.join('\n')).toContain(why);
    },
    20_000,
  );

  test('are read anew when they change, and who has the old ones is still a node', async () => {
    await certificate('renewed', { san: 'DNS:beta' });
    const [alpha, beta] = [await node('alpha'), await node('beta', 'renewed')];
    await until(
      () => stateOf(alpha, 'beta'),
      (state) => state === 'ALIVE',
    );
    await certificate('renewed', { san: 'DNS:beta' });
    beta.joined.reload();
    await until(
      () => beta.said.filter((says) => says.startsWith('certificate of this node read')).length,
      (count) => count === 2,
    );
    const asked = await ask(alpha, 'GET', '/v1/configuration', { for: 'beta' });
    expect(asked.status).toBe(200);
  }, 20_000);
});
