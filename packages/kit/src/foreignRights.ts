import { type Stats, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Which right on a file is in hands in which it must not be, since what is in the file runs as this account. Undefined
 * when nobody may change it who could not change Holdfast itself as well, such as the owner of a checkout.
 */
export function foreignRights({ uid, gid, mode }: Stats): 'owner' | 'everybody' | 'group' | undefined {
  const own = statSync(fileURLToPath(import.meta.url));
  if (![0, process.geteuid?.(), own.uid].includes(uid)) return 'owner';
  if ((mode & 0o002) !== 0) return 'everybody';
  const isKnownGroup = gid === 0 || (gid === own.gid && (own.mode & 0o020) !== 0);
  return (mode & 0o020) === 0 || isKnownGroup ? undefined : 'group';
}
