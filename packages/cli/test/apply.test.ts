import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { call } from './support/commands.ts';
import { type Answer, type FakeAgent, fakeAgent } from './support/fakeAgent.ts';

const open: FakeAgent[] = [];
afterEach(async () => {
  for (const agent of open.splice(0)) await agent.close();
});

async function agent(script: Record<string, Answer>): Promise<FakeAgent> {
  const made = await fakeAgent(script);
  open.push(made);
  return made;
}

const text = `nodes: [alpha]
resources:
  db: { type: fake, needs: [disk] }
  disk:
    type: fake
    needs:
      - db
`;
const changes = [{ kind: 'added', path: 'resources.db', after: { type: 'fake' } }];

async function fileIn(root: string, content: string): Promise<string> {
  const file = join(root, 'hierarchy.yaml');
  await writeFile(file, content);
  return file;
}

test('a document is sent, and the difference and the generation are said', async () => {
  const { root, asked } = await agent({ 'PUT /v1/configuration': { says: { generation: 5, changes } } });
  const ended = await call(['holdfast', 'apply', await fileIn(root, text)], {
    root,
    env: { SUDO_USER: 'eve' },
  });
  expect(ended.stdout).toBe('+ resources.db\n    type: fake\n1 change; generation 5 is in force\n');
  expect(ended.exitCode).toBe(0);
  expect(asked).toEqual([
    {
      what: 'PUT /v1/configuration',
      body: { document: parse(text), dryRun: false, by: 'eve (holdfast)' },
    },
  ]);
});

test('a dry run says that nothing was changed', async () => {
  const { root, asked } = await agent({ 'PUT /v1/configuration': { says: { generation: 4, changes } } });
  const ended = await call(['holdfast', 'apply', '-', '--dry-run'], { root, input: text });
  expect(ended.stdout).toContain('1 change; nothing was changed yet\n');
  expect(asked[0]?.body).toMatchObject({ dryRun: true });
});

test('no difference is said', async () => {
  const { root } = await agent({ 'PUT /v1/configuration': { says: { generation: 4, changes: [] } } });
  const ended = await call(['holdfast', 'apply', '-'], { root, input: text });
  expect(ended).toMatchObject({
    exitCode: 0,
    stdout: 'no difference; generation 4 stays in force\n',
  });
});

test('diff is the dry run of apply, and says by its exit code whether anything differs', async () => {
  const differs = await agent({ 'PUT /v1/configuration': { says: { generation: 4, changes } } });
  const shown = await call(['holdfast', 'diff', '-'], { root: differs.root, input: text });
  expect(shown).toMatchObject({ exitCode: 1, stderr: '' });
  expect(shown.stdout).toBe('+ resources.db\n    type: fake\n1 change; nothing was changed yet\n');
  expect(differs.asked[0]?.body).toMatchObject({ dryRun: true });
  const json = await call(['holdfast', 'diff', '--json', '-'], { root: differs.root, input: text });
  expect(JSON.parse(json.stdout)).toMatchObject({ result: 'planned', exitCode: 1, changes });

  const same = await agent({ 'PUT /v1/configuration': { says: { generation: 4, changes: [] } } });
  expect(await call(['holdfast', 'diff', '-'], { root: same.root, input: text })).toMatchObject({
    exitCode: 0,
    stdout: 'no difference; generation 4 stays in force\n',
  });

  const problems = [{ code: 'CYCLE', path: 'resources.db', what: 'w', why: 'y', todo: 't' }];
  const refuses = await agent({ 'PUT /v1/configuration': { status: 422, says: { problems } } });
  expect(await call(['holdfast', 'diff', '-'], { root: refuses.root, input: text })).toMatchObject({
    exitCode: 2,
    stdout: '',
  });
});

test('problems are shown with the lines of the file, and counted', async () => {
  const problems = [
    {
      code: 'CYCLE',
      path: 'resources.db',
      what: 'These resources need each other, so none can be restored first: db -> disk -> db',
      why: 'disk needs, or comes after, db',
      todo: 'remove one of the 2 needs, then apply again',
    },
    { code: 'UNKNOWN_RESOURCE', path: 'resources.disk.needs.0', what: 'w', why: 'y', todo: 't' },
  ];
  const { root } = await agent({ 'PUT /v1/configuration': { status: 422, says: { problems } } });
  const file = await fileIn(root, text);
  const ended = await call(['holdfast', 'apply', file], { root });
  expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
  // The path of the file is of another length each time, so lines are compared without their breaks.
  expect(ended.stderr.replace(/\n {8,}/g, ' ')).toBe(
    [
      'CYCLE   These resources need each other, so none can be restored first: db -> disk -> db',
      `  why   ${file}:3 disk needs, or comes after, db`,
      '  do    remove one of the 2 needs, then apply again',
      '',
      'UNKNOWN_RESOURCE   w',
      `  why   ${file}:7 y`,
      '  do    t',
      '',
      '2 problems; nothing was changed',
      '',
    ].join('\n'),
  );
  const json = await call(['holdfast', 'apply', '--json', file], { root });
  expect(JSON.parse(json.stdout)).toMatchObject({
    schema: 'holdfast.result/1',
    exitCode: 1,
    problems: [{ code: 'CYCLE', place: `${file}:3` }, { place: `${file}:7` }],
  });
});

test('errors of syntax are all told, and the agent is not asked', async () => {
  const { root, asked } = await agent({});
  const ended = await call(['holdfast', 'apply', '-'], { root, input: 'a: 1\na: 2\nb: [1\nc: "x\n' });
  expect(ended.exitCode).toBe(1);
  expect(ended.stderr).toContain('  why   stdin:2:1 Map keys must be unique\n');
  expect(ended.stderr).toMatch(/\n\d+ problems; nothing was changed\n$/);
  expect(asked).toEqual([]);
});

test('a file that cannot be read is a problem, not a stack', async () => {
  const { root } = await agent({});
  const ended = await call(['holdfast', 'apply', '/nowhere.yaml'], { root });
  expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
  expect(ended.stderr).toMatch(/^NO_FILE {3}\/nowhere.yaml cannot be read\n/);
});

test('what is exported is the document, and can be applied again', async () => {
  const document = parse(text) as unknown;
  const { root, asked } = await agent({
    'GET /v1/configuration': { says: { generation: 4, document } },
    'PUT /v1/configuration': { says: { generation: 4, changes: [] } },
  });
  const exported = await call(['holdfast', 'export'], { root });
  expect(exported.stdout).toMatch(/^# generation 4\n/);
  await call(['holdfast', 'apply', '-'], { root, input: exported.stdout });
  expect(asked[1]?.body).toMatchObject({ document });
  const json = await call(['holdfast', 'export', '--json'], { root });
  expect(JSON.parse(json.stdout)).toEqual({ schema: 'holdfast.configuration/1', generation: 4, document });
});

test('help and version are there for each command, in 80 columns', async () => {
  const { root } = await agent({});
  for (const line of [
    ['holdfast', '--help'],
    ['holdfast', 'apply', '--help'],
    ['holdfast', 'diff', '--help'],
    ['holdfast', 'export', '--help'],
    ['holdfast', 'plan', '--help'],
    ['holdfast', 'pause', '--help'],
    ['holdfast', 'resume', '--help'],
    ['holdfast', 'status', '--help'],
    ['perform_action', '--help'],
    ['lcdstatus', '-h'],
  ] as const) {
    const ended = await call(line, { root, env: { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } });
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^Usage: .*Exit codes:\n {2}0 .*130 /s);
    expect(ended.stdout.split('\n').filter((one) => one.length > 80)).toEqual([]);
  }
  for (const command of ['holdfast', 'perform_action', 'lcdstatus'] as const)
    expect((await call([command, '--version'], { root })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('no command, and one that does not exist, are misuse', async () => {
  const { root } = await agent({});
  expect(await call(['holdfast'], { root })).toMatchObject({
    exitCode: 2,
    stderr: 'holdfast: a command is missing\nSee holdfast --help\n',
  });
  expect(await call(['holdfast', 'aply', 'x'], { root })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('aply'),
  });
});
