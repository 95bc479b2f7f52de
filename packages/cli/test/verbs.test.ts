import { rm, writeFile } from 'node:fs/promises';
import { type Lab, type LabAgent, type LabNode, openLab, startAgent } from '@holdfast/lab';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { exitCodes, type SchemaName, schemas } from '../src/index.ts';
import { callInside } from './support/callInside.ts';
import { markKit } from './support/markKit.ts';

/*
 * Every verb of `holdfast` against an agent in the lab, with marks in a folder for services. The tests share a node;
 * each begins with the document below and all of it in service.
 */

const marks = '/srv/marks';
const mark = (name: string, more: object = {}) => ({
  type: 'mark',
  settings: { folder: marks, name },
  ...more,
});
const document = {
  nodes: ['alpha'],
  policy: { quickCheck: { every: '100ms' } },
  resources: {
    disk: mark('disk'),
    ip: mark('ip'),
    db: mark('db', { needs: ['disk', 'ip'] }),
    web: mark('web', { needs: ['db'] }),
  },
};

let lab: Lab;
let node: LabNode;
let agent: LabAgent;

const holdfast = (...words: string[]) => callInside(['holdfast', ...words], `/proc/${node.pid}/root`);
/** With --json, each line held against the schema that it names. */
async function json(...words: string[]) {
  const called = await holdfast(...words, '--json');
  // A document that stands alone is printed for people as well, on many lines.
  const pieces = called.stdout.startsWith('{\n') ? [called.stdout] : called.stdout.trimEnd().split('\n');
  const lines = pieces.map((line) => JSON.parse(line) as { schema: SchemaName; [field: string]: unknown });
  for (const line of lines) schemas[line.schema].parse(line);
  return { ...called, lines, last: lines.at(-1)! };
}

async function apply(what: object): Promise<void> {
  await node.writeFile('/root/document.json', JSON.stringify(what));
  expect(await holdfast('apply', node.path('/root/document.json'), '--yes')).toMatchObject({ exitCode: 0 });
}

async function states(): Promise<string> {
  const { stdout } = await holdfast('resource', 'list', '--json');
  const { resources } = JSON.parse(stdout) as { resources: { tag: string; state: string }[] };
  return resources.map(({ tag, state }) => `${tag} ${state}`).join(', ');
}

const temper = (name: string) => node.path(`${marks}/${name}`);

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  agent = await startAgent(node, { config: { kits: [markKit] } });
}, 60_000);

afterAll(() => lab?.close());

beforeEach(async () => {
  await apply(document);
  expect(await holdfast('restore', 'web', 'ip')).toMatchObject({ exitCode: 2 });
  expect(await holdfast('restore', 'web')).toMatchObject({ exitCode: 0 });
});

describe('verbs that act', () => {
  test('remove and restore act on what their options say', async () => {
    expect((await json('remove', 'disk', '--dry-run')).lines[0]).toMatchObject({
      steps: [{ tag: 'web' }, { tag: 'db' }, { tag: 'disk' }],
    });
    expect((await json('remove', 'db', '--only')).last).toMatchObject({
      exitCode: 1,
      problems: [{ code: 'PARENT_IN_SERVICE' }],
    });
    expect((await json('remove', 'db')).last).toMatchObject({ result: 'done' });
    expect(await states()).toBe('disk ISP, ip ISP, db OSU, web OSU');
    expect((await json('restore', 'db', '--only')).last).toMatchObject({ result: 'done' });
    expect(await states()).toBe('disk ISP, ip ISP, db ISP, web OSU');
    expect((await json('restore', 'db', '--only')).last).toMatchObject({ result: 'nothing-to-do' });
    await holdfast('remove', 'db', '--whole');
    expect(await states()).toBe('disk OSU, ip OSU, db OSU, web OSU');
  });

  test('recover tries again what has failed and was given up', async () => {
    expect((await json('recover', 'db')).last).toMatchObject({ result: 'nothing-to-do' });
    await holdfast('remove', 'web');
    await holdfast('remove', 'db');
    expect((await json('recover', 'db')).last).toMatchObject({ problems: [{ code: 'NOT_WANTED' }] });
    await writeFile(temper('db.refuses'), '');
    expect((await holdfast('restore', 'db', '--only')).exitCode).toBe(exitCodes.failed);
    expect((await json('recover', 'db')).last).toMatchObject({ exitCode: 1, result: 'failed' });
    await rm(temper('db.refuses'));
    expect((await json('recover', 'db')).last).toMatchObject({ exitCode: 0, result: 'done' });
  });

  test('move brings to this node, and says why it cannot to another', async () => {
    expect((await json('move', 'db', 'alpha')).last).toMatchObject({ result: 'nothing-to-do' });
    expect((await holdfast('move', 'db', 'alhpa')).stderr).toContain('did you mean alpha?');
    await apply({ ...document, nodes: ['alpha', 'beta'] });
    expect((await json('move', 'db', 'beta')).last).toMatchObject({ problems: [{ code: 'NOT_BUILT' }] });
  });

  test('check tells what is found and changes nothing', async () => {
    expect((await json('check', 'db')).last).toMatchObject({ finding: 'in-service' });
    expect((await json('check', 'db', '--deep')).last).toMatchObject({ evidence: 'looked closely' });
  });

  test('pause and resume, of a resource and of the node', async () => {
    expect((await json('pause', 'db', '--why', 'a new disk')).last).toMatchObject({ tags: ['db'] });
    expect((await json('resume', 'db')).last).toMatchObject({ tags: ['db'] });
    expect((await json('node', 'pause', 'alpha', '--for', '1h')).last.tags).toHaveLength(4);
    expect((await json('node', 'resume')).last.tags).toHaveLength(4);
    expect((await holdfast('node', 'pause', 'gamma')).exitCode).toBe(exitCodes.failed);
  });
});

describe('verbs that tell', () => {
  test('status, why, history, operation and replay', async () => {
    await holdfast('remove', 'web');
    await json('status');
    expect((await json('why', 'web')).last).toMatchObject({ state: 'OSU' });
    const { operations } = (await json('history')).last as unknown as { operations: { id: string }[] };
    await json('operation', operations[0]!.id);
    await json('replay', operations[0]!.id);
    expect((await holdfast('operation', 'nothing')).exitCode).toBe(exitCodes.failed);
  });

  test('resource list and show', async () => {
    expect((await json('resource', 'list', '--state', 'OSF')).last).toMatchObject({ resources: [] });
    expect((await json('resource', 'show', 'db')).last).toMatchObject({
      resource: { tag: 'db', state: 'ISP' },
      written: { type: 'mark', needs: ['disk', 'ip'] },
    });
    expect((await holdfast('resource', 'show', 'db')).stdout).toContain(`protects    ${marks}/db`);
  });

  test('graph draws text, a picture and dot from one layout', async () => {
    expect((await holdfast('graph', 'db')).stdout).toBe(
      'web  ISP\n`-- db  ISP\n    |-- disk  ISP\n    `-- ip  ISP\n',
    );
    const { boxes } = (await json('graph')).last as unknown as { boxes: { tag: string; layer: number }[] };
    expect(boxes.map(({ tag, layer }) => `${tag} ${layer}`)).toEqual(['disk 2', 'ip 2', 'db 1', 'web 0']);
    expect((await holdfast('graph', '--svg')).stdout).toMatch(/^<svg .*<\/svg>\n$/s);
    expect((await holdfast('graph', '--dot')).stdout).toContain('"db" -> "disk";');
  });

  test('support writes one archive', async () => {
    const file = node.path('/root/support.tar.gz');
    expect((await json('support', file)).last).toMatchObject({ result: 'done', file });
    expect((await json('support', '/dev/null/x.tar.gz')).last).toMatchObject({ exitCode: 1 });
  });

  test('node list and show, agent status', async () => {
    expect((await json('node', 'list')).last).toMatchObject({ nodes: [{ name: 'alpha', isThis: true }] });
    expect((await json('node', 'show')).last).toMatchObject({ state: 'ALIVE' });
    expect((await json('agent', 'status')).last).toMatchObject({ agent: 'running', node: 'alpha' });
  });

  test('doctor asks every kit, and a problem is exit code 1', async () => {
    await writeFile(temper('ip.unready'), '');
    const ill = await json('doctor');
    expect(ill.exitCode).toBe(exitCodes.failed);
    expect(ill.last.findings).toContainEqual({
      level: 'problem',
      check: 'resource ip',
      says: 'ip cannot run here: the folder is reserved',
      todo: `rm ${marks}/ip.unready`,
    });
    await rm(temper('ip.unready'));
    expect((await json('doctor')).exitCode).toBe(exitCodes.done);
  });
});

describe('verbs that change the configuration', () => {
  test('resource add, set and delete', async () => {
    const settings = [`folder=${marks}`, 'name=report'];
    expect((await json('resource', 'add', 'report', 'mark', ...settings)).last).toMatchObject({
      result: 'done',
      changes: [{ kind: 'added', path: 'resources.report' }],
    });
    expect((await json('resource', 'add', 'report', 'mark')).last).toMatchObject({
      problems: [{ code: 'TAG_TAKEN' }],
    });
    expect((await json('resource', 'set', 'report', '--after', 'web', '--dry-run')).last).toMatchObject({
      result: 'planned',
    });
    await json('resource', 'set', 'report', 'name=report2', '--after', 'web');
    expect((await json('config', 'get', 'resources.report.settings.name')).last).toMatchObject({
      value: 'report2',
    });
    expect((await json('resource', 'delete', 'db')).last).toMatchObject({ result: 'refused' });
    expect((await json('resource', 'delete', 'report')).last).toMatchObject({ result: 'done' });
    expect((await holdfast('resource', 'set', 'reprot', 'name=x')).exitCode).toBe(exitCodes.unknownTag);
  });

  test('resource extend and unextend change nothing for a node that cannot be asked, or is the only one', async () => {
    expect((await json('resource', 'extend', 'web', 'beta')).last).toMatchObject({
      exitCode: 1,
      problems: [{ code: 'UNKNOWN_NODE' }],
    });
    expect(
      (await json('resource', 'extend', 'web', 'alpha', '--priority', '7', '--dry-run')).last,
    ).toMatchObject({
      result: 'planned',
      changes: [{ path: 'hierarchies', after: { web: { nodes: { alpha: 7 } } } }],
    });
    expect((await json('resource', 'unextend', 'web', 'alpha')).last).toMatchObject({
      exitCode: 1,
      problems: [{ code: 'ONLY_NODE' }],
    });
    expect(await holdfast('resource', 'extend', 'web', 'alpha', '--priority', '0')).toMatchObject({
      exitCode: 2,
    });
  });

  test('confirm-failover of a node for which nothing waits is refused', async () => {
    expect((await json('confirm-failover', 'beta')).last).toMatchObject({
      exitCode: 1,
      problems: [{ code: 'NOTHING_WAITS' }],
    });
  });

  test('policy set at each level, and show where each value comes from', async () => {
    await json('policy', 'set', '--cluster', 'localRecovery.attempts=2');
    await json('policy', 'set', '--hierarchy', 'db', 'localRecovery.attempts=4', 'failover.enabled=false');
    await json('policy', 'set', '--resource', 'db', 'quickCheck.every=5s');
    const { last } = await json('policy', 'show', 'db');
    expect(last.values).toEqual(
      expect.arrayContaining([
        { name: 'quickCheck.every', value: '5s', from: 'resource' },
        { name: 'localRecovery.attempts', value: 4, from: 'hierarchy' },
        { name: 'quickCheck.timeout', value: '5s', from: 'default' },
        { name: 'timeouts.restore', value: "the kit's own", from: 'kit' },
      ]),
    );
    await json('policy', 'set', '--hierarchy', 'web', '--unset', 'localRecovery.attempts');
    expect((await holdfast('policy', 'show', 'db')).stdout).toMatch(/localRecovery.attempts +2 +cluster\n/);
    expect((await holdfast('policy', 'set', '--cluster', 'quickChek.every=1s')).stderr).toContain(
      'did you mean quickCheck.every?',
    );
  });

  test('config set, history and rollback; two changes at once do not undo each other', async () => {
    const { generations } = (await json('config', 'history')).last as unknown as {
      generations: { generation: number }[];
    };
    const [{ generation } = { generation: 0 }] = generations;
    await json('config', 'set', 'policy.quickCheck.every=7s', 'policy.failover.forget=1m');
    expect((await holdfast('config', 'get', 'policy.quickCheck.every')).stdout).toBe('7s\n');
    expect((await holdfast('config', 'get', 'policy.quickChek')).stderr).toContain('policy.quickCheck?');
    expect((await json('config', 'show', String(generation))).last).toMatchObject({ generation, document });
    expect((await json('config', 'rollback', String(generation))).last).toMatchObject({ result: 'done' });
    expect((await json('config', 'rollback', '99999')).last).toMatchObject({
      problems: [{ code: 'UNKNOWN_GENERATION' }],
    });
    expect((await json('export')).last).toMatchObject({ document });
    const both = await Promise.all([
      json('config', 'set', 'policy.deepCheck.every=1m'),
      json('config', 'set', 'policy.deepCheck.every=2m'),
    ]);
    const refused = both.filter(({ exitCode }) => exitCode !== 0);
    for (const { last } of refused) expect(last).toMatchObject({ problems: [{ code: 'STALE_GENERATION' }] });
    expect(refused.length).toBeLessThan(2);
  });

  test('a resource on which an operation acts is kept, and the operation is named', async () => {
    await holdfast('remove', 'web');
    await writeFile(temper('web.hold'), '');
    const restoring = holdfast('restore', 'web');
    await untilActing('web');
    const refused = await json('resource', 'delete', 'web');
    await rm(temper('web.hold'));
    expect(refused.last).toMatchObject({
      problems: [
        {
          code: 'OPERATION_UNDER_WAY',
          why: expect.stringMatching(/^operation \S+ is under way on it: restore of web by test/),
        },
      ],
    });
    expect(await restoring).toMatchObject({ exitCode: 0 });
  });
});

test('an agent that is told to stop takes its services down in order, and says that nothing runs', async () => {
  expect((await json('agent', 'stop', '--services', 'take-down', '--dry-run')).last).toMatchObject({
    result: 'planned',
  });
  expect((await json('agent', 'stop', '--services', 'take-down')).last).toMatchObject({
    result: 'done',
    left: [],
  });
  await agent.ended;
  expect((await json('agent', 'status')).exitCode).toBe(exitCodes.agentDown);
  expect(await holdfast('restore', 'web')).toMatchObject({
    exitCode: exitCodes.agentDown,
    stderr: expect.stringContaining('start it: holdfast agent'),
  });
  const left = await holdfast('resource', 'list');
  expect(left.exitCode).toBe(exitCodes.agentDown);
  expect(left.stderr).toContain('The agent of alpha was stopped');
  expect((await json('doctor')).exitCode).toBe(exitCodes.agentDown);
});

/** Until a step on the resource has begun. */
async function untilActing(tag: string): Promise<void> {
  for (;;) {
    const { stdout } = await holdfast('status', '--json');
    const { resources } = JSON.parse(stdout) as { resources: { tag: string; acting?: string }[] };
    if (resources.some((one) => one.tag === tag && one.acting !== undefined)) return;
  }
}
