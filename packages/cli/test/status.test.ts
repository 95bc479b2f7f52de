import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Status } from '@holdfast/core';
import { afterEach, expect, test } from '@jest/globals';
import { call } from './support/commands.ts';
import { type Answer, type FakeAgent, fakeAgent } from './support/fakeAgent.ts';
import { statusOf, troubled } from './support/statusOf.ts';

const open: FakeAgent[] = [];
afterEach(async () => {
  for (const agent of open.splice(0)) await agent.close();
});

async function agent(script: Record<string, Answer> | undefined, status?: Status): Promise<FakeAgent> {
  const made = await fakeAgent(script, status);
  open.push(made);
  return made;
}

const stopped: Status = { ...troubled, agent: { ...troubled.agent, phase: 'stopped' } };

test('the status comes from the file, without a word to the agent', async () => {
  const { root, asked } = await agent({}, troubled);
  for (const line of [
    ['lcdstatus', '-q'],
    ['lcdstatus', '-e'],
    ['holdfast', 'status'],
  ] as const) {
    const ended = await call(line, { root });
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toContain('pg-disk');
  }
  expect(asked).toEqual([]);
});

test('what shows checks asks the agent, which writes no file at each check, and falls back on the file', async () => {
  const { root } = await agent({ 'GET /v1/status': { says: statusOf([{ tag: 'fresh' }]) } }, troubled);
  for (const line of [['lcdstatus'], ['lcdstatus', '--json'], ['holdfast', 'status', '--json']] as const) {
    expect((await call(line, { root })).stdout).toContain('fresh');
  }
  const silent = await agent({}, troubled);
  expect((await call(['lcdstatus'], { root: silent.root })).stdout).toContain('pg-disk');
});

test('without a file the agent is asked', async () => {
  const { root } = await agent({ 'GET /v1/status': { says: troubled } });
  const ended = await call(['lcdstatus', '-q'], { root });
  expect(ended.exitCode).toBe(0);
  expect(ended.stdout).toContain('IP-10.77.0.50');
});

test('a file that says stopped while an agent listens is of its earlier life', async () => {
  const { root } = await agent({ 'GET /v1/status': { says: statusOf([{ tag: 'fresh' }]) } }, stopped);
  const ended = await call(['lcdstatus', '-q'], { root });
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(ended.stdout).toContain('fresh');
});

test.each([
  ['is down', troubled],
  ['was stopped', stopped],
])('what an agent left that %s is shown, with a warning and exit code 4', async (says, status) => {
  const { root } = await agent(undefined, { ...status, at: Date.now() - 125_000 });
  for (const line of [['lcdstatus', '-q'], ['lcdstatus'], ['holdfast', 'status']] as const) {
    const ended = await call(line, { root });
    expect(ended.exitCode).toBe(4);
    expect(ended.stdout).toContain('pg-disk');
    expect(ended.stderr).toMatch(new RegExp(`^The agent of alpha ${says}: .* 2 min \\d+ s`));
  }
});

test('an agent that never ran here is exit code 4', async () => {
  const { root } = await agent(undefined);
  const ended = await call(['lcdstatus'], { root });
  expect(ended).toMatchObject({ exitCode: 4, stdout: '' });
  expect(ended.stderr).toContain('AGENT_DOWN');
});

test('JSON is the status document, and trouble is a result', async () => {
  const { root } = await agent({}, troubled);
  for (const line of [
    ['lcdstatus', '--json'],
    ['holdfast', 'status', '--json'],
  ] as const)
    expect(JSON.parse((await call(line, { root })).stdout)).toEqual(troubled);
  const nothing = await agent(undefined);
  const ended = await call(['lcdstatus', '--json'], { root: nothing.root });
  expect(JSON.parse(ended.stdout)).toMatchObject({ schema: 'holdfast.result/1', exitCode: 4 });
});

test('an unknown root is exit code 3, with the nearest tag', async () => {
  const { root } = await agent({}, troubled);
  const ended = await call(['lcdstatus', '-r', 'pg-dsk'], { root });
  expect(ended).toMatchObject({ exitCode: 3, stdout: '' });
  expect(ended.stderr).toContain('did you mean pg-disk?');
});

test('a status command does not load what it does not need', async () => {
  const { root } = await agent({}, troubled);
  const coverage = join(root, 'coverage');
  const ended = await call(['lcdstatus', '-q'], { root, env: { NODE_V8_COVERAGE: coverage } });
  expect(ended.exitCode).toBe(0);
  const [report] = await readdir(coverage);
  const { result } = JSON.parse(await readFile(join(coverage, report!), 'utf8')) as {
    result: { url: string }[];
  };
  const loaded = result.map(({ url }) => url).join('\n');
  expect(loaded).toContain('/showTable.ts');
  for (const other of [
    '/packages/core/',
    '/exchange.ts',
    '/performAction.ts',
    '/node_modules/yaml/',
    '/apply.ts',
  ])
    expect(loaded).not.toContain(other);
});
