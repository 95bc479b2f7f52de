import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { contractVersion, type Kit } from './contract.ts';
import { openScriptKit } from './script/openScriptKit.ts';

/** Why a kit was not loaded, in the shape of a problem: what, the fact that proves it, what to do. */
export type KitRefusal = Readonly<{
  code: 'KIT_NOT_FOUND' | 'KIT_BROKEN' | 'KIT_INCOMPLETE' | 'KIT_OTHER_CONTRACT' | 'KIT_WRITABLE';
  what: string;
  why: string;
  todo: string;
}>;

export type LoadedKit =
  | Readonly<{ ok: true; kit: Kit }>
  | Readonly<{ ok: false; refusals: readonly KitRefusal[] }>;

const mandatoryActions = ['restore', 'remove', 'quickCheck'] as const;
const optionalActions = ['recover', 'deepCheck', 'preflight', 'abort', 'watch', 'close'] as const;

/**
 * Loads a kit by the name of its package, by its bare type (`ip` is `@holdfast/kit-ip`) or by the path of its
 * folder, and answers everything that is wrong with it at once. Names are looked up from `from`, a folder: the
 * place of the configuration that names the kit; this package's own place when left out.
 */
export async function loadKit(nameOrPath: string, options: { from?: string } = {}): Promise<LoadedKit> {
  const folder = resolve(options.from ?? '.', nameOrPath);
  if (isPath(nameOrPath) && isFile(join(folder, 'kit.yaml'))) return openScriptKit(folder);
  const entry = findEntry(nameOrPath, options.from);
  if (entry === undefined) {
    return refuse({
      code: 'KIT_NOT_FOUND',
      what: `There is no kit ${nameOrPath}`,
      why: isPath(nameOrPath)
        ? `${resolve(options.from ?? '.', nameOrPath)} has no kit.yaml, src/index.ts, index.ts or index.js`
        : `the package ${packageName(nameOrPath)} was not found`,
      todo: 'install the kit, or correct its name; a path begins with / or ./',
    });
  }
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = (await import(pathToFileURL(entry).href)) as Record<string, unknown>;
  } catch (error) {
    return refuse({
      code: 'KIT_BROKEN',
      what: `The kit ${nameOrPath} cannot be loaded`,
      why: error instanceof Error ? error.message : String(error),
      todo: `correct ${entry}`,
    });
  }
  return judgeKit(nameOrPath, loaded.kit);
}

function judgeKit(name: string, candidate: unknown): LoadedKit {
  if (typeof candidate !== 'object' || candidate === null) {
    return refuse({
      code: 'KIT_INCOMPLETE',
      what: `${name} is not a kit`,
      why: 'its index exports nothing under the name kit',
      todo: 'write: export const kit = defineKit({ ... })',
    });
  }
  const kit = candidate as Partial<Kit>;
  if (kit.contract !== contractVersion) {
    return refuse({
      code: 'KIT_OTHER_CONTRACT',
      what: `The kit ${name} was written for another contract`,
      why: `it names version ${String(kit.contract)}; this Holdfast has version ${contractVersion}`,
      todo: 'use a version of the kit and of Holdfast that belong together',
    });
  }
  const refusals = missingParts(kit).map(
    (why): KitRefusal => ({
      code: 'KIT_INCOMPLETE',
      what: `The kit ${name} is not complete`,
      why,
      todo: 'add it to the call of defineKit',
    }),
  );
  return refusals.length === 0 ? { ok: true, kit: kit as Kit } : { ok: false, refusals };
}

function missingParts(kit: Partial<Kit>): string[] {
  return [
    ...(typeof kit.type === 'string' && kit.type !== '' ? [] : ['it has no type']),
    ...(typeof kit.settings?.safeParse === 'function' ? [] : ['its settings are not a zod schema']),
    ...(typeof kit.identity === 'function' ? [] : ['it has no identity']),
    ...(['restore', 'remove', 'recover', 'quickCheck'] as const)
      .filter((action) => !isSpan(kit.budgets?.[action]))
      .map((action) => `it has no budget for ${action}`),
    ...mandatoryActions
      .filter((action) => typeof kit[action] !== 'function')
      .map((action) => `it has no ${action}`),
    ...optionalActions
      .filter((action) => kit[action] !== undefined && typeof kit[action] !== 'function')
      .map((action) => `its ${action} is not a function`),
  ];
}

function isSpan(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}

function findEntry(nameOrPath: string, from: string | undefined): string | undefined {
  if (isPath(nameOrPath)) {
    const folder = resolve(from ?? '.', nameOrPath);
    return ['src/index.ts', 'index.ts', 'index.js', '.'].map((name) => join(folder, name)).find(isFile);
  }
  try {
    const base = from === undefined ? import.meta.url : pathToFileURL(join(resolve(from), 'kits')).href;
    return createRequire(base).resolve(packageName(nameOrPath));
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isPath(nameOrPath: string): boolean {
  return isAbsolute(nameOrPath) || nameOrPath.startsWith('.');
}

function packageName(name: string): string {
  return name.includes('/') || name.startsWith('@') ? name : `@holdfast/kit-${name}`;
}

function refuse(...refusals: readonly KitRefusal[]): LoadedKit {
  return { ok: false, refusals };
}
