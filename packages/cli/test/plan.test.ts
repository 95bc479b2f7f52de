import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call } from './support/commands.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-plan-'));
});
afterAll(() => rm(root, { recursive: true }));

const moving = `
nodes: [alpha, beta]
resources: { disk: {}, ip: {}, db: { needs: [disk, ip] }, log: { after: [db] } }
states: { alpha: { disk: ISP, ip: ISP, db: ISP } }
intent:
  disk: { inService: beta }
  ip: { inService: beta }
  db: { inService: beta }
  log: outOfService
`;

function plan(world: string, ...more: string[]) {
  return call(['holdfast', 'plan', '--file', '-', ...more], { root, input: world });
}

test('the example of a failed database gives one step, as one JSON document and nothing else', async () => {
  const ended = await plan(
    `
nodes: [alpha, beta]
resources: { disk: {}, db: { needs: [disk] }, log: { after: [db] } }
states: { alpha: { disk: ISP, db: OSF } }
intent: { disk: { inService: alpha }, db: { inService: alpha }, log: outOfService }
`,
    '--json',
  );
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(ended.stdout)).toEqual({
    steps: [
      {
        id: 'alpha:restore:db',
        node: 'alpha',
        tag: 'db',
        action: 'restore',
        after: [],
        because: 'wanted in service by its intent',
      },
    ],
    blocked: [],
  });
});

test('people see the steps of all nodes, what runs at the same time, and what will not happen', async () => {
  const ended = await plan(moving);
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(ended.stdout).toBe(`6 steps on alpha and beta
  1  remove db on alpha: moves to beta: asked for on beta
  2  remove disk on alpha, after db on alpha: moves to beta: asked for on beta
  2  remove ip on alpha, after db on alpha: moves to beta: asked for on beta
  3  restore disk on beta, after disk on alpha, ip on alpha: wanted in service
       by its intent; its hierarchy moves here from alpha
  3  restore ip on beta, after disk on alpha, ip on alpha: wanted in service by
       its intent; its hierarchy moves here from alpha
  4  restore db on beta, after disk on beta, ip on beta: wanted in service by
       its intent; its hierarchy moves here from alpha
Steps with one number can run at the same time; each begins as soon as those
that it comes after are done.
`);
});

test('a world that is as wanted has nothing to do', async () => {
  const settled =
    'nodes: [alpha]\nresources: { disk: }\nstates: { alpha: { disk: ISP } }\nintent: { disk: { inService: alpha } }\n';
  expect(await plan(settled)).toMatchObject({ exitCode: 0, stdout: 'nothing to do\n', stderr: '' });
  expect((await plan(settled, '--json')).stdout).toBe('{"steps":[],"blocked":[]}\n');
});

test('what will not happen is said with the reason', async () => {
  const waiting =
    'nodes: [alpha]\nresources: { disk: , db: { needs: [disk] } }\nintent: { db: { inService: alpha } }\n';
  expect((await plan(waiting)).stdout).toBe('nothing to do\n  -  db: it needs disk, which is OSU\n');
  expect(JSON.parse((await plan(waiting, '--json')).stdout)).toEqual({
    steps: [],
    blocked: [{ tag: 'db', because: 'it needs disk, which is OSU' }],
  });
});

test('every mistake of a world is told with its line, and nothing is planned', async () => {
  const file = join(root, 'world.yaml');
  await writeFile(
    file,
    'nodes: [alpha]\nresources:\n  db: { needs: [disk] }\nstates:\n  beta: { db: UP }\nintent: { dv: outOfService }\n',
  );
  const ended = await call(['holdfast', 'plan', '--file', file], { root });
  expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
  const said = ended.stderr.replace(/\n {8,}/g, ' ');
  for (const [code, line] of [
    ['UNKNOWN_NEED', 3],
    ['DOCUMENT_SHAPE', 5],
    ['UNKNOWN_NODE', 5],
    ['UNKNOWN_RESOURCE', 6],
  ])
    expect(said).toMatch(new RegExp(`${code} .*\\n +why +${file}:${line} `));
  expect(said).toContain('do    did you mean db?');
  expect(said).toMatch(/\n4 problems; nothing was planned\n$/);
  const json = await call(['holdfast', 'plan', '--file', file, '--json'], { root });
  expect(json).toMatchObject({ exitCode: 2, stderr: '' });
  expect(JSON.parse(json.stdout)).toMatchObject({
    schema: 'holdfast.result/1',
    exitCode: 2,
    result: 'refused',
    problems: [{ code: 'UNKNOWN_NEED', place: `${file}:3` }, {}, {}, {}],
  });
});

test('a file that cannot be read, wrong YAML and a missing option end with exit code 2', async () => {
  for (const line of [
    ['holdfast', 'plan', '--file', '/nowhere.yaml'],
    ['holdfast', 'plan'],
  ] as const)
    expect(await call(line, { root })).toMatchObject({ exitCode: 2, stdout: '' });
  expect(await plan('nodes: [alpha\n')).toMatchObject({ exitCode: 2, stdout: '' });
  expect(await plan('- alpha\n')).toMatchObject({ exitCode: 2, stdout: '' });
});
