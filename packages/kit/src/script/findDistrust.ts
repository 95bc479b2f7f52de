import { lstat, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Why a file must not be run as this account: somebody else could change it, or a folder on the way to it, and would
 * so run what he likes. Undefined when only root and this account can. A link counts as well as what it leads to.
 */
export async function findDistrust(path: string): Promise<string | undefined> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return `${path} is not there`;
  for (const one of new Set([...waysTo(path), ...waysTo(real)])) {
    const why = await distrustOf(one);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** The path itself and every folder above it. */
function waysTo(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [path] : [path, ...waysTo(above)];
}

async function distrustOf(path: string): Promise<string | undefined> {
  const state = await lstat(path).catch(() => undefined);
  if (state === undefined) return `${path} is not there`;
  if (state.uid !== 0 && state.uid !== process.geteuid?.()) {
    return `${path} belongs to the account ${state.uid}, which can change it`;
  }
  if (state.isSymbolicLink()) return undefined;
  // In a folder such as /tmp nobody can take away or replace what is another's.
  const isSticky = state.isDirectory() && (state.mode & 0o1000) !== 0;
  if ((state.mode & 0o022) !== 0 && !isSticky) {
    return `${path} can be written by ${(state.mode & 0o002) === 0 ? 'its group' : 'everybody'} (${(state.mode & 0o7777).toString(8)})`;
  }
  return undefined;
}
