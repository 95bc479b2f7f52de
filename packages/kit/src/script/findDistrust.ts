import type { Stats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { foreignRights } from '../foreignRights.ts';

/**
 * Why a file must not be run as this account: somebody else could change it, or a folder on the way to it, and would
 * so run what he likes. Undefined when nobody can who could not change Holdfast itself as well, such as the owner of a
 * checkout. A link counts as well as what it leads to.
 */
export async function findDistrust(path: string): Promise<string | undefined> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return `${path} is not there`;
  for (const one of new Set([...waysTo(path), ...waysTo(real)])) {
    const state = await lstat(one).catch(() => undefined);
    const why = state === undefined ? `${one} is not there` : judge(one, state);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** The path itself and every folder above it. */
function waysTo(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [path] : [path, ...waysTo(above)];
}

function judge(path: string, state: Stats): string | undefined {
  const right = foreignRights(state);
  if (right === 'owner') return `${path} belongs to the account ${state.uid}, which can change it`;
  // In a folder such as /tmp nobody can take away or replace what is another's.
  const isSticky = state.isDirectory() && (state.mode & 0o1000) !== 0;
  if (right === undefined || state.isSymbolicLink() || isSticky) return undefined;
  const who = right === 'group' ? 'its group' : 'everybody';
  return `${path} can be written by ${who} (${(state.mode & 0o7777).toString(8)})`;
}
