import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { librariesOf, root, sourcesOf, workspaces } from './inTree.ts';

const all = workspaces().map(({ folder, manifest }) => [folder, manifest] as const);

describe('every package and kit', () => {
  test.each(all)('%s says its one job, what it may use, and what is not there', (folder) => {
    const readme = join(root, folder, 'README.md');
    const told = existsSync(readme) ? readFileSync(readme, 'utf8') : 'no README.md';
    expect(told).toMatch(/^# \S+ — \S.*\n/);
    for (const part of ['May use:', 'Used by:', 'Not here:']) expect(told).toContain(part);
  });

  test.each(all)('%s tells the operator what changed', (folder) => {
    const log = join(root, folder, 'CHANGELOG.md');
    expect(existsSync(log) ? readFileSync(log, 'utf8') : 'no CHANGELOG.md').toMatch(/^## 0\.1\.0/m);
  });

  test.each(all)('%s depends on what its sources import, and on nothing else', (folder, manifest) => {
    const imported = new Set(
      sourcesOf(folder)
        .flatMap(librariesOf)
        .filter((name) => name !== manifest.name),
    );
    expect(Object.keys(manifest.dependencies ?? {}).sort()).toEqual([...imported].sort());
  });
});

test('the top level holds what the design lists, and no other folder', () => {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name);
  expect(
    folders.filter((name) => !['packages', 'kits', 'examples', 'test', 'coverage'].includes(name)),
  ).toEqual([]);
});

describe('every problem code', () => {
  const codes = sourcesOf('packages/core')
    .filter((file) => file.endsWith('/problemCodes.ts'))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^ {2}([A-Z_]+):\s+['"](.*)['"],$/gm)])
    .map(([, code, sentence]) => [code!, sentence!] as const);
  const sources = workspaces()
    .flatMap(({ folder }) => sourcesOf(folder))
    .filter((file) => !file.endsWith('/problemCodes.ts'))
    .map((file) => readFileSync(file, 'utf8'));

  test('is found by this test', () => {
    expect(codes.length).toBeGreaterThan(10);
  });

  test.each(codes)('%s is explained in a sentence', (_, sentence) => {
    expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
  });

  test.each(codes)('%s is reported by something', (code) => {
    expect(sources.some((source) => source.includes(`'${code}'`))).toBe(true);
  });
});
