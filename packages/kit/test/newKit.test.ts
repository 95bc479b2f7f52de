import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { run } from '../src/index.ts';

const main = fileURLToPath(new URL('../src/program/main.ts', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-new-'));
  await symlink(modules, join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a new TypeScript kit keeps every rule', async () => {
  expect(await kit('new', 'my-link')).toMatchObject({ exitCode: 0 });
  const tried = await kit('test', './my-link', '--json');
  expect(tried).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(tried.stdout)).toMatchObject({ version: 1, kit: 'my-link', failed: 0, notApplicable: 1 });
});

test('a kit is tried with settings alone, and what was not tried is told', async () => {
  await kit('new', './bare');
  await rm(join(folder, 'bare/test'), { recursive: true });
  await writeFile(join(folder, 'settings.yaml'), `link: ${folder}/link\ntarget: ${folder}/target\n`);
  const tried = await kit('test', './bare', '--settings', 'settings.yaml');
  expect(tried).toMatchObject({ exitCode: 0, stderr: '' });
  expect(tried.stdout).toContain('not tried   remove takes out what broke');
  expect(tried.stdout).toMatch(/^All rules that were tried are kept: 15, 3 not tried\.$/m);
});

test('a kit shows its settings and actions', async () => {
  await kit('new', 'shown', '--script');
  const { stdout } = await kit('show', './shown', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    type: 'shown',
    contract: 1,
    settings: [{ name: 'folder', type: 'string', required: true }],
    actions: [
      { action: 'restore', timeoutMs: 5_000 },
      { action: 'remove', timeoutMs: 10_000 },
      { action: 'quickCheck', timeoutMs: 2_000 },
    ],
  });
  expect((await kit('show', './shown')).stdout).toMatch(
    /folder {2}\(string; needed\)\n.*such as "\/srv\/shown"/,
  );
});

test.each([
  ['name the kit', ['new']],
  ['is not a name of small letters', ['new', 'My_Kit']],
  ['is not empty', ['new', 'my-link']],
  ['There is no kit', ['show', './none']],
  ['where to try it? give --settings FILE', ['test', 'ip']],
])('what cannot be done exits with 2 and says "%s"', async (says, words) => {
  const out = await kit(...words);
  expect(out).toMatchObject({ exitCode: 2, stdout: '' });
  expect(out.stderr).toContain(says);
});

/** In a pid namespace of its own: what others start meanwhile is not taken for what a kit left. */
function kit(...words: string[]) {
  const inside = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;
  const argv = [
    ...inside,
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    main,
    ...words,
  ] as const;
  return run(argv, { budgetMs: 25_000, cwd: folder });
}
