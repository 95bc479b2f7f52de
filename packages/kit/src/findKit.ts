import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEntry } from './findEntry.ts';
import type { KitRefusal } from './kitRefusal.ts';

/** A kit that is there, before any of its code ran. Plain data: another thread may load it. */
export type FoundKit = Readonly<{
  /** As it was named. */
  name: string;
  folder: string;
  /** The file to import; of a script kit its `kit.yaml`. */
  entry: string;
  /** Executables in any language, described by a `kit.yaml`: nothing of it runs in this process. */
  isScript: boolean;
  /** Part of Holdfast: its code is trusted as much as the agent's own. */
  isOurs: boolean;
}>;

export type Finding =
  | Readonly<{ ok: true; found: FoundKit }>
  | Readonly<{ ok: false; refusals: readonly KitRefusal[] }>;

/**
 * Finds a kit by the name of its package, by its bare type (`ip` is `@holdfast/kit-ip`) or by the path of its folder.
 * Paths are meant from `from`, a folder: the place of the configuration that names the kit. So are packages, in the
 * `node_modules` there or above it; those that are not there are looked for where Holdfast itself is installed.
 */
export function findKit(name: string, options: { from?: string } = {}): Finding {
  const bases = isPath(name)
    ? [resolve(options.from ?? '.')]
    : [
        ...(options.from === undefined ? [] : [resolve(options.from)]),
        dirname(fileURLToPath(import.meta.url)),
      ];
  const packageName = isPath(name) ? name : packageOf(name);
  const folder = isPath(name) ? resolve(bases[0]!, name) : findPackage(packageName, bases);
  if (folder === undefined || statSync(folder, { throwIfNoEntry: false }) === undefined) {
    return notFound(
      name,
      isPath(name)
        ? `${folder} is not there`
        : `the package ${packageName} is in no node_modules of ${bases.join(', nor of ')}, nor above`,
    );
  }
  const entry = findEntry(folder);
  if (entry === undefined)
    return notFound(
      name,
      `${folder} has no kit.yaml, src/index.ts, index.ts or index.js, and no exports in package.json`,
    );
  if (statSync(entry, { throwIfNoEntry: false })?.isFile() !== true)
    return notFound(name, `package.json names ${entry}, which is not there`);
  const realEntry = realpathSync(entry);
  if (realEntry.endsWith('.ts') && realEntry.includes('/node_modules/')) {
    return refuse({
      code: 'KIT_NOT_BUILT',
      what: `The kit ${name} cannot be run as it was published`,
      why: `${realEntry} is TypeScript, and Node strips no types below node_modules`,
      todo: 'publish the kit as JavaScript, or name its folder by a path outside node_modules',
    });
  }
  const isFolder = statSync(folder).isDirectory();
  const isOurs = !isPath(name) && packageName.startsWith('@holdfast/kit-');
  const realFolder = isFolder ? realpathSync(folder) : dirname(realEntry);
  return {
    ok: true,
    found: { name, folder: realFolder, entry: realEntry, isScript: realEntry.endsWith('/kit.yaml'), isOurs },
  };
}

function findPackage(name: string, bases: readonly string[]): string | undefined {
  for (const base of bases) {
    for (let at = base; ; at = dirname(at)) {
      const folder = join(at, 'node_modules', name);
      if (statSync(join(folder, 'package.json'), { throwIfNoEntry: false }) !== undefined) return folder;
      if (dirname(at) === at) break;
    }
  }
  return undefined;
}

function isPath(name: string): boolean {
  return isAbsolute(name) || name.startsWith('.');
}

function packageOf(name: string): string {
  return name.includes('/') || name.startsWith('@') ? name : `@holdfast/kit-${name}`;
}

function notFound(name: string, why: string): Finding {
  return refuse({
    code: 'KIT_NOT_FOUND',
    what: `There is no kit ${name}`,
    why,
    todo: 'install the kit, or correct its name; a path begins with / or ./',
  });
}

function refuse(...refusals: readonly KitRefusal[]): Finding {
  return { ok: false, refusals };
}
