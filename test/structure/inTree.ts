import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export type Workspace = Readonly<{
  /** Relative to the root: `packages/core`. */
  folder: string;
  manifest: Readonly<{ name: string; dependencies?: Record<string, string> }>;
}>;

/** Every package and kit. */
export function workspaces(): readonly Workspace[] {
  return ['packages', 'kits'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => `${parent}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => ({
        folder,
        manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')),
      })),
  );
}

/** What a package ships: its sources, without its tests. */
export function sourcesOf(folder: string): readonly string[] {
  return ['src', 'embedded', 'etcd']
    .map((part) => join(folder, part))
    .filter((part) => existsSync(join(root, part)))
    .flatMap((part) =>
      readdirSync(join(root, part), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => join(entry.parentPath, entry.name)),
    );
}

/** The libraries that a source imports, without those that come with the runtime. */
export function librariesOf(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8');
  const imports = /(?:\bfrom\s+|\bimport\s+|\bimport\()'([^'.][^']*)'/g;
  return [...source.matchAll(imports)]
    .map(([, name]) => name!)
    .filter((name) => !name.startsWith('node:'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
}
