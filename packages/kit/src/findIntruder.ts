import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { foreignRights } from './foreignRights.ts';

/** A larger folder is not looked through to its end; a kit has a few files, and what it depends on some hundred. */
const entriesMax = 20_000;

/**
 * Something of a kit that an account other than root, or than the one this process runs under, may write: whoever may
 * change the code of a kit may do what the agent may do. Undefined when there is nothing of the kind. Also the way to
 * the folder counts: who may write a folder may put another in the place of what is in it.
 */
export function findIntruder(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const says = judge(at, at !== folder);
    if (says !== undefined) return says;
    if (dirname(at) === at) break;
  }
  const folders = [folder];
  let seen = 0;
  for (let at = folders.pop(); at !== undefined && seen < entriesMax; at = folders.pop()) {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      seen += 1;
      const path = join(at, entry.name);
      // What a link leads to is judged by nobody here; the link itself only root may change.
      if (entry.isSymbolicLink()) continue;
      const says = judge(path, false);
      if (says !== undefined) return says;
      if (entry.isDirectory() && entry.name !== '.git') folders.push(path);
    }
  }
  return undefined;
}

function judge(path: string, isOnTheWay: boolean): string | undefined {
  const state = lstatSync(path);
  const right = foreignRights(state);
  if (right === 'owner') return `${path} belongs to the account ${state.uid}`;
  // In a folder like /tmp everybody may add, and nobody may replace what is another's.
  if (right === undefined || (isOnTheWay && (state.mode & 0o1000) !== 0)) return undefined;
  return `${path} may be written by others (mode ${(state.mode & 0o7777).toString(8)})`;
}
