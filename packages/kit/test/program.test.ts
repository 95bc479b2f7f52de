import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunResult, run } from '../src/index.ts';

const main = fileURLToPath(new URL('../src/program/main.ts', import.meta.url));
const honest = fileURLToPath(new URL('kits/honest', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-program-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('an action that is done exits with 0, one that is not with 1, and both say what they saw', async () => {
  const out = await kit('run', honest, 'quickCheck', '--settings', '-');
  expect(out).toMatchObject({ exitCode: 1 });
  expect(out.stdout).toMatch(/^quickCheck: out-of-service, \d+ ms\n {2}saw {3}nobody sleeps\n$/);
  expect(await kit('run', honest, 'restore', '--settings', '-')).toMatchObject({ exitCode: 0 });
  try {
    expect(await kit('run', honest, 'quickCheck', '--settings', '-')).toMatchObject({ exitCode: 0 });
  } finally {
    expect(await kit('run', honest, 'remove', '--settings', '-')).toMatchObject({ exitCode: 0 });
  }
});

test('with --json it prints one document', async () => {
  const { stdout } = await kit('run', honest, 'quickCheck', '--settings', '-', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    kit: 'sleeper',
    action: 'quickCheck',
    finding: 'out-of-service',
  });
});

test('a fault of the kit is told as one', async () => {
  const saysNothing = fileURLToPath(new URL('kits/saysNothing', import.meta.url));
  const out = await kit('run', saysNothing, 'remove', '--settings', '-');
  expect(out).toMatchObject({ exitCode: 1 });
  expect(out.stdout).toMatch(/^this is a fault in the kit sleeper: the answer of remove has the wrong form/);
});

test.each([
  ['no command', []],
  ['no command', ['prune']],
  ['name a kit', ['run', '--settings', '-']],
  ['There is no kit', ['run', './none', 'restore', '--settings', '-']],
  ['name an action', ['run', honest, 'start', '--settings', '-']],
  ['--settings is missing', ['run', honest, 'restore']],
  ['too many words', ['run', honest, 'restore', 'now', '--settings', '-']],
  ['--budget soon', ['run', honest, 'restore', '--settings', '-', '--budget', 'soon']],
  ['the world is refused', ['test', honest, '--world', '-']],
])('what cannot be understood exits with 2 and says "%s"', async (says, words) => {
  const out = await kit(...words);
  expect(out).toMatchObject({ exitCode: 2, stdout: '' });
  expect(out.stderr).toContain(says);
});

test('settings that the kit refuses are told by name', async () => {
  const out = await run(argv('run', honest, 'restore', '--settings', '-'), {
    budgetMs: 10_000,
    input: '{"foldre":"/tmp"}',
  });
  expect(out).toMatchObject({ exitCode: 2 });
  expect(out.stderr).toContain('foldre');
});

function kit(...words: string[]): Promise<RunResult> {
  return run(argv(...words), { budgetMs: 10_000, input: JSON.stringify({ folder }) });
}

function argv(...words: string[]): [string, ...string[]] {
  return [process.execPath, '--disable-warning=ExperimentalWarning', main, ...words];
}
