import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root, workspaces } from './inTree.ts';

/**
 * A copy of the tree with more files in it, so that a rule can be seen to refuse them. Our own packages are the
 * copies; the libraries are the ones of the tree. Nothing is ever written into the tree itself.
 */
export function plantTree(planted: Readonly<Record<string, string>>): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-rules-'));
  for (const file of ['.dependency-cruiser.js', 'biome.json', 'package.json', 'tsconfig.json', '.gitignore'])
    cpSync(join(root, file), join(folder, file));
  for (const parent of ['packages', 'kits']) {
    cpSync(join(root, parent), join(folder, parent), {
      recursive: true,
      filter: (source) => !source.includes('node_modules'),
    });
  }
  linkLibraries(folder);
  for (const [path, content] of Object.entries(planted)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function linkLibraries(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@holdfast'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@holdfast') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const workspace of workspaces())
    symlinkSync(join(folder, workspace.folder), join(modules, workspace.manifest.name));
}
