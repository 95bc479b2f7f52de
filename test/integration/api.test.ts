import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { type Lab, type LabNode, openLab, startAgent } from '@holdfast/lab';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';

/*
 * The document of the API against an agent that runs: every address is asked, and what it answers is held against
 * the schema of the document, in which nothing may be that the document does not describe.
 */

type Schema = Readonly<Record<string, unknown>>;
type Described = Readonly<{ responses: Record<string, { content: Record<string, { schema: Schema }> }> }>;
type Answer = Readonly<{ status: number; type: string; text: string }>;

let lab: Lab;
let node: LabNode;
let document: {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
};
let ajv: Ajv2020;
const asked = new Set<string>();
const agentFile = (name: string) => new URL(`../../packages/agent/${name}`, import.meta.url);

beforeAll(async () => {
  document = JSON.parse(await readFile(agentFile('openapi.json'), 'utf8'));
  // Beside what JSON Schema knows the document has the words of OpenAPI, which nothing here is about.
  ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema(closed(document) as Schema, 'api');
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  await startAgent(node, { config: { kits: ['@holdfast/kit-ip'] } });
}, 60_000);

afterAll(() => lab?.close());

/** In an answer to this test nothing may be that is not described; to a caller it may, in a later version. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, closed(one)]));
  const isObject = inner.type === 'object' && inner.properties !== undefined;
  return isObject && inner.additionalProperties === undefined
    ? { ...inner, additionalProperties: false }
    : inner;
}

function exchange(method: string, path: string, body?: unknown): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers =
    text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath: node.path('/run/holdfast/agent.sock'),
        method,
        path,
        agent: false,
        headers,
      },
      (response) => {
        let said = '';
        const answer = () => ({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          text: said,
        });
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          said += piece;
          // A stream has no end: what is kept has come with the event that is waited for.
          if (path.startsWith('/v1/events') && said.includes('"operation-ended"')) {
            response.destroy();
            resolve(answer());
          }
        });
        response.on('end', () => resolve(answer()));
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

/** Asks, and holds the answer against the document. Answers what was said. */
async function ask(
  method: string,
  template: string,
  given: { path?: string; body?: unknown; status?: number } = {},
): Promise<unknown> {
  const { path = template, body, status = 200 } = given;
  const answer = await exchange(method, path, body);
  expect({ path, status: answer.status, text: answer.status === status ? '' : answer.text }).toEqual({
    path,
    status,
    text: '',
  });
  asked.add(`${method} ${template}`);
  const response = document.paths[template]![method.toLowerCase()]!.responses[status]!;
  const [[type] = ['']] = Object.entries(response.content);
  expect(answer.type.split(';')[0]).toBe(type.split(';')[0]);
  if (type.startsWith('text/')) return answer.text;
  const place = [
    'paths',
    template,
    method.toLowerCase(),
    'responses',
    String(status),
    'content',
    type,
    'schema',
  ];
  const validate = ajv.getSchema(`api#/${place.map(escapePart).join('/')}`)!;
  const lines = type === 'application/json' ? [answer.text] : answer.text.trim().split('\n');
  const values = lines.map((line) => JSON.parse(line) as unknown);
  for (const value of values) {
    validate(value);
    expect({ path, errors: validate.errors, value: validate.errors === null ? '' : value }).toEqual({
      path,
      errors: null,
      value: '',
    });
  }
  return type === 'application/json' ? values[0] : values;
}

const escapePart = (part: string): string =>
  encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

describe('the document of the API', () => {
  test('describes what every address of a running agent answers, in full', async () => {
    const hierarchy = {
      nodes: ['alpha'],
      resources: { 'a/ip': { type: 'ip', settings: { address: '10.77.0.50/24', device: 'eth0' } } },
      notifiers: { pager: { type: 'command', argv: ['/bin/true'], events: ['command-done'], fold: '1ms' } },
    };
    await ask('PUT', '/v1/configuration', { body: { document: hierarchy } });
    await ask('PUT', '/v1/configuration', { body: { document: { nodes: [] } }, status: 409 });
    await ask('PUT', '/v1/configuration', { body: { nodes: [] }, status: 400 });
    await ask('GET', '/v1/configuration');
    await ask('GET', '/v1/configurations');
    await ask('GET', '/v1/configurations/{generation}', { path: '/v1/configurations/1' });
    await ask('GET', '/v1/configurations/{generation}', { path: '/v1/configurations/99', status: 404 });
    await ask('POST', '/v1/commands', { body: { action: 'restore', tag: 'a/ip' } });
    await ask('POST', '/v1/commands', { body: { action: 'restore', tag: 'b' }, status: 404 });
    await ask('POST', '/v1/commands', { body: { action: 'start' }, status: 400 });
    await ask('GET', '/v1/events', { path: '/v1/events?since=0' });
    await ask('GET', '/v1/events', { path: '/v1/events?from=x', status: 400 });
    await ask('GET', '/v1/events', { path: '/v1/events?kinds=operation-ended,nonsense', status: 400 });
    const only = await ask('GET', '/v1/events', { path: '/v1/events?from=0&kinds=operation-ended' });
    expect((only as { kind: string }[]).map(({ kind }) => kind)).toEqual(['operation-ended']);
    await ask('GET', '/v1/status');
    await ask('GET', '/v1/hello');
    await ask('POST', '/v1/checks', { body: { tag: 'a/ip', action: 'quickCheck' } });
    await ask('GET', '/v1/why/{tag}', { path: '/v1/why/a%2Fip' });
    await ask('GET', '/v1/why/{tag}', { path: '/v1/why/a/ip' });
    await ask('GET', '/v1/why/{tag}', { path: '/v1/why/b', status: 404 });
    await ask('POST', '/v1/pauses', { body: { tag: 'a/ip', why: 'work' } });
    await ask('DELETE', '/v1/pauses', { body: { tag: 'a/ip' } });
    const { operations } = (await ask('GET', '/v1/operations')) as { operations: { id: string }[] };
    const [{ id } = { id: '' }] = operations;
    await ask('GET', '/v1/operations/{id}', { path: `/v1/operations/${id}` });
    await ask('GET', '/v1/operations/{id}', { path: '/v1/operations/none', status: 404 });
    await ask('GET', '/v1/operations/{id}/replay', { path: `/v1/operations/${id}/replay` });
    await ask('GET', '/v1/history');
    await ask('PUT', '/v1/flags', { body: { flag: 'work' } });
    await ask('PUT', '/v1/flags', { body: { flag: 'work' }, status: 409 });
    await ask('GET', '/v1/flags');
    await ask('DELETE', '/v1/flags', { body: { flag: 'work' } });
    await ask('DELETE', '/v1/flags', { body: { flag: 'work' }, status: 404 });
    const { document: inForce } = (await ask('GET', '/v1/configuration')) as { document: unknown };
    await ask('POST', '/v1/preflights', { body: { node: 'alpha', tag: 'a/ip', document: inForce } });
    await ask('POST', '/v1/preflights', {
      body: { node: 'alpha', tag: 'b', document: inForce },
      status: 404,
    });
    await ask('POST', '/v1/confirmations', { body: { node: 'beta', answer: 'yes' }, status: 409 });
    await ask('GET', '/v1/types');
    await ask('GET', '/v1/fences');
    // A node that is alone knows no other.
    for (const path of ['', '/confirm', '/test'])
      await ask('POST', `/v1/fences/{node}${path}`, {
        path: `/v1/fences/beta${path}`,
        body: {},
        status: 409,
      });
    await ask('POST', '/v1/actions', { body: { tag: 'a/ip', action: 'recover' } });
    await ask('POST', '/v1/actions', { body: { tag: 'a/ip', action: 'dance' }, status: 409 });
    await ask('POST', '/v1/suspicions', { body: { object: 'a/ip', why: 'no answer' } });
    await ask('GET', '/v1/notifiers');
    await ask('POST', '/v1/notifiers/{name}/test', { path: '/v1/notifiers/pager/test', body: {} });
    await ask('POST', '/v1/notifiers/{name}/test', {
      path: '/v1/notifiers/none/test',
      body: {},
      status: 404,
    });
    await ask('GET', '/v1/metrics');
    expect(await ask('GET', '/v1/openapi.json')).toEqual(document);
    await ask('POST', '/v1/stop', { body: { services: 'leave', dryRun: true } });
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect([...asked].sort()).toEqual(described.sort());
  }, 60_000);

  test('has every metric that a running agent prints, with its type, labels and meaning, and no other', async () => {
    const page = await readFile(agentFile('API.md'), 'utf8');
    const described = [
      ...page.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) \| ([\w, ]*) \| (.+) \|$/gm),
    ].map(([, name, type, labels, says]) => ({
      name,
      type,
      labels: labels!.split(', ').filter(Boolean),
      says,
    }));
    const text = (await ask('GET', '/v1/metrics')) as string;
    const printed = [...text.matchAll(/^# HELP (\w+) (.+)\n# TYPE \1 (\w+)\n/gm)].map(
      ([, name, says, type]) => ({
        name,
        type,
        says,
      }),
    );
    expect(printed).toEqual(described.map(({ name, type, says }) => ({ name, type, says })));
    const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(series.length).toBeGreaterThan(50);
    for (const line of series) {
      const [, name, , labels = ''] = /^(\w+)(\{(.*)\})? \S+$/.exec(line)!;
      const found =
        described.find((one) => name === one.name) ??
        described.find(
          (one) => one.type === 'histogram' && name!.replace(/_(bucket|sum|count)$/, '') === one.name,
        );
      const used = [...labels.matchAll(/(\w+)="/g)]
        .map(([, label]) => label)
        .filter((label) => label !== 'le');
      expect({ line, labels: used }).toEqual({ line, labels: found?.labels });
    }
  });
});
