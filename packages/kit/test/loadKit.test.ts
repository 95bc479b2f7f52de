import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findKit, loadKit, refuseIntruder, run } from '../src/index.ts';

const kits = fileURLToPath(new URL('kits', import.meta.url));
const repository = fileURLToPath(new URL('../../..', import.meta.url));

let elsewhere: string;
beforeEach(() => {
  elsewhere = mkdtempSync(join(tmpdir(), 'holdfast-kits-'));
});
afterEach(() => rmSync(elsewhere, { recursive: true }));

test('a kit is loaded by the path of its folder, also from elsewhere', async () => {
  expect(await loadKit(`${kits}/honest`)).toMatchObject({ ok: true, kit: { type: 'sleeper' } });
  expect(await loadKit('./honest', { from: kits })).toMatchObject({ ok: true });
});

test('a kit may be the default export', async () => {
  expect(await loadKit(`${kits}/byDefault`)).toMatchObject({ ok: true, kit: { type: 'sleeper' } });
});

test('a kit that is nowhere is refused with what was looked for', async () => {
  expect(await refusalsOf('no-such-type')).toEqual([
    expect.objectContaining({
      code: 'KIT_NOT_FOUND',
      why: expect.stringContaining('the package @holdfast/kit-no-such-type is in no node_modules of'),
    }),
  ]);
  expect(await refusalsOf(`${kits}/none`)).toEqual([expect.objectContaining({ code: 'KIT_NOT_FOUND' })]);
});

test('everything that a kit lacks is told at once', async () => {
  expect((await refusalsOf(`${kits}/incomplete`)).map(({ why }) => why)).toEqual([
    'it has no budget for recover',
    'it has no remove',
  ]);
});

test('a module without a kit, one that throws, and one of another contract are told apart', async () => {
  expect(await refusalsOf(`${kits}/nothing`)).toEqual([expect.objectContaining({ code: 'KIT_INCOMPLETE' })]);
  expect(await refusalsOf(`${kits}/broken`)).toEqual([
    expect.objectContaining({ code: 'KIT_BROKEN', why: 'this kit cannot be loaded' }),
  ]);
  expect(await refusalsOf(`${kits}/otherContract`)).toEqual([
    expect.objectContaining({ code: 'KIT_OTHER_CONTRACT', todo: expect.stringContaining('update Holdfast') }),
  ]);
});

test('a manifest that names another contract is enough: none of the code runs', async () => {
  const throwing = 'throw new Error("this code ran");';
  plant('future', { 'index.js': throwing }, { holdfast: { contract: { from: 2, to: 3 } } });
  plant('vague', { 'index.js': throwing }, { holdfast: { contract: 'the newest' } });
  plant('fitting', { 'index.js': throwing }, { holdfast: { contract: { from: 1, to: 3 } } });
  const refusals = async (name: string) => (await refusalsOf(name, elsewhere))[0];
  expect(await refusals('./future')).toMatchObject({
    code: 'KIT_OTHER_CONTRACT',
    why: expect.stringContaining('2 to 3'),
  });
  expect(await refusals('./vague')).toMatchObject({
    code: 'KIT_OTHER_CONTRACT',
    todo: expect.stringContaining('contract: 1'),
  });
  expect(await refusals('./fitting')).toMatchObject({ code: 'KIT_BROKEN', why: 'this code ran' });
});

test('a package is looked for from where the configuration is, and by what it exports', () => {
  const folder = plant(
    'etc/node_modules/@acme/holdfast-redis',
    { 'lib/redis.js': '' },
    { exports: { '.': { types: './lib/redis.d.ts', import: './lib/redis.js' } } },
  );
  expect(findKit('@acme/holdfast-redis', { from: join(elsewhere, 'etc') })).toEqual({
    ok: true,
    found: {
      name: '@acme/holdfast-redis',
      folder,
      entry: join(folder, 'lib/redis.js'),
      isScript: false,
      isOurs: false,
    },
  });
  expect(findKit('@acme/holdfast-redis', { from: elsewhere })).toMatchObject({ ok: false });
});

test('where the configuration has no package of that name, the one that came with Holdfast is found', () => {
  expect(findKit('ip', { from: elsewhere })).toMatchObject({
    ok: true,
    found: { folder: join(repository, 'kits/ip'), isOurs: true },
  });
});

test('a package that was published as TypeScript is refused before Node says something less clear', () => {
  plant('node_modules/@acme/raw', { 'index.ts': 'export const kit = {};' }, {});
  expect(findKit('@acme/raw', { from: elsewhere })).toMatchObject({
    ok: false,
    refusals: [{ code: 'KIT_NOT_BUILT' }],
  });
});

test.each([
  ['the folder', '.', 0o777],
  ['a file deep in it', 'lib/part.js', 0o666],
])('a kit is refused when others may write %s', async (_, place, mode) => {
  const folder = plant('open', { 'index.js': 'throw new Error("this code ran");', 'lib/part.js': '' });
  chmodSync(join(folder, place), mode);
  const finding = findKit('./open', { from: elsewhere });
  if (!finding.ok) throw new Error('it was not found');
  expect(refuseIntruder(finding.found)).toEqual([
    expect.objectContaining({
      code: 'KIT_WRITABLE',
      why: expect.stringContaining('may be written by others'),
      todo: expect.stringContaining('chown'),
    }),
  ]);
  chmodSync(join(folder, place), 0o755);
  expect(refuseIntruder(finding.found)).toEqual([]);
});

test('a kit in a folder of its own far from any node_modules finds the contract and the schema library', async () => {
  cpSync(join(kits, 'farAway'), join(elsewhere, 'farAway'), { recursive: true });
  const ran = await run(
    [
      join(repository, 'packages/cli/bin/holdfast'),
      'kit',
      'run',
      join(elsewhere, 'farAway'),
      'quickCheck',
      '--settings',
      '-',
      '--json',
    ],
    { budgetMs: 20_000, input: '{"name":"one"}' },
  );
  expect(JSON.parse(ran.stdout)).toMatchObject({ kit: 'farAway', finding: 'out-of-service' });
});

async function refusalsOf(name: string, from?: string) {
  const loaded = await loadKit(name, from === undefined ? {} : { from });
  return loaded.ok ? [] : loaded.refusals;
}

function plant(path: string, files: Record<string, string>, manifest: object = {}): string {
  const folder = join(elsewhere, path);
  for (const [name, text] of Object.entries({
    ...files,
    'package.json': JSON.stringify({ type: 'module', ...manifest }),
  })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
