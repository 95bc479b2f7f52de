import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import type { Row } from '../src/conformance.ts';
import { run } from '../src/index.ts';

const main = fileURLToPath(new URL('../src/program/main.ts', import.meta.url));
const planted = fileURLToPath(new URL('planted', import.meta.url));
const frozen = {
  freeze: ['touch', '{scratch}/frozen'],
  unfreeze: ['rm', '-f', '{scratch}/frozen'],
  frozenBudgetMs: 1_000,
};

/** The folder, the rule that it breaks, the words, and what its world has more than that of a new kit. */
const faults: readonly (readonly [string, string, RegExp, object])[] = [
  ['restore-not-idempotent', 'a second restore changes nothing', /the second restore changed it/, {}],
  ['remove-leaves-process', 'nothing is left behind', /the process \d+ \(sleep\) after/, {}],
  [
    'remove-fails-when-out',
    'remove is done when it is out already',
    /when it was out.*: nothing of it runs/,
    {},
  ],
  ['check-lies', 'the check tells the truth', /before restore the check says in-service/, {}],
  [
    'check-hangs',
    'every action answers within its budget',
    /quickCheck did not answer within 1800 ms/,
    frozen,
  ],
  [
    'action-ignores-budget',
    'every action answers within its budget',
    /remove did not answer within 900 ms, ignored that it was told to stop, and was killed/,
    frozen,
  ],
  ['output-without-end', 'no action writes output without end', /restore wrote more than 64 KiB/, {}],
  ['background-child-kept', 'an action ends with all', /quickCheck .* leaves the process \d+ \(sleep\)/, {}],
  [
    'secret-in-log',
    'no secret is told',
    /restore told the secret of passwordFile/,
    {
      settings: { folder: '{scratch}', passwordFile: '{scratch}/password' },
      prepare: [['install', '-m', '600', './password', '{scratch}/password']],
      secrets: ['correct horse'],
    },
  ],
  ['bystander-killed', 'bystanders are undisturbed', /another sleep during "remove .*after "unreachable/, {}],
  ['wrong-exit-code', 'every answer has the right form', /quickCheck ended with 1, which means nothing/, {}],
  ['settings-not-validated', 'wrong settings are refused', /it took \{"folder":"not\/absolute"\}/, {}],
];

let folder: string;
const tried = new Map<string, Awaited<ReturnType<typeof tryKit>>>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-planted-'));
  await kit(['new', join(folder, 'my-kit'), '--script']);
  const waiting = [['my-kit', {}] as const, ...faults.map(([name, , , more]) => [name, more] as const)];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      tried.set(next[0], await tryKit(...next));
  };
  await Promise.all(Array.from({ length: 5 }, worker));
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

test('what a new script kit is made of breaks no rule', () => {
  expect(tried.get('my-kit')).toMatchObject({ exitCode: 0, broken: [] });
});

test('there are twelve planted faults, each with a folder', async () => {
  expect(faults).toHaveLength(12);
  expect(faults.map(([name]) => name).sort()).toEqual((await readdir(planted)).sort());
});

test.each(faults)('%s breaks the rule: %s', (name, rule, words) => {
  const { exitCode, broken } = tried.get(name)!;
  expect(exitCode).toBe(1);
  const row = broken.find((one) => one.rule.startsWith(rule));
  expect(row?.saw ?? broken.map((one) => one.rule)).toMatch(words);
  expect(row?.mend).toMatch(/\w/);
});

/** A new kit with the planted file laid over it, in a pid namespace of its own. */
async function tryKit(name: string, more: object) {
  const own = join(folder, name);
  if (name !== 'my-kit') {
    await cp(join(folder, 'my-kit'), own, { recursive: true });
    await cp(join(planted, name), own, { recursive: true });
    // A checkout may be writable by others, and then nothing in it is run as root.
    for (const file of await readdir(own)) await chmod(join(own, file), 0o755);
  }
  const worldFile = join(own, 'test/world.yaml');
  const world = parse(await readFile(worldFile, 'utf8'));
  const prepare = [...world.prepare, ...((more as { prepare?: unknown[] }).prepare ?? [])];
  await writeFile(worldFile, stringify({ ...world, ...more, prepare }));
  await writeFile(join(own, 'test/password'), 'correct horse\n', { mode: 0o600 });
  const ended = await kit(
    ['test', own, '--json'],
    ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'],
  );
  if (ended.stdout === '') throw new Error(`${name}: ${ended.says}\n${ended.stderr}`);
  const rows: readonly Row[] = JSON.parse(ended.stdout).rows;
  return { exitCode: ended.exitCode, broken: rows.filter(({ outcome }) => outcome === 'failed') };
}

function kit(words: readonly string[], inside: readonly string[] = []) {
  const argv = [...inside, process.execPath, '--disable-warning=ExperimentalWarning', main, ...words];
  return run(argv as [string, ...string[]], { budgetMs: 60_000 });
}
