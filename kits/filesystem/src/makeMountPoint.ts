import { chmod, chown, mkdir, readdir, stat } from 'node:fs/promises';
import { accountOf, failed, type KitCall, type Outcome } from '@holdfast/kit';
import type { Settings } from './settings.ts';

/** The folder to mount on: made or looked at. Answers words about what it would hide, or a refusal. */
export async function makeMountPoint(
  { settings, run, log }: KitCall<Settings>,
  place: string,
): Promise<Outcome | string> {
  const there = await stat(place).catch(() => undefined);
  if (there === undefined) return makeFolder(settings, place, run);
  if (!there.isDirectory()) return failed(`${place} is not a folder`, 'correct the mount point');
  const hidden = await readdir(place);
  if (hidden.length === 0) return '';
  const says = sayHidden(place, hidden);
  if (settings.requireEmptyMountPoint) {
    return failed(`${says}; requireEmptyMountPoint is true`, `move what is in ${place} elsewhere`);
  }
  log.warn({ place, hidden: hidden.slice(0, 10) }, 'mounts over a folder with files');
  return `; warning: ${says}`;
}

/** Somebody may have written there while it was not mounted, and would miss it now. */
export function sayHidden(place: string, names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return `${place} is not empty: the mount hides ${shown}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

async function makeFolder(
  { createMountPoint, mountPointOwner, mountPointMode }: Settings,
  place: string,
  run: KitCall<Settings>['run'],
): Promise<Outcome | string> {
  if (!createMountPoint) return failed(`there is no ${place}`, `make it: mkdir -p ${place}`);
  const owner = await accountOf(mountPointOwner, run);
  if (owner === undefined) {
    return failed(`there is no account ${mountPointOwner}`, 'correct mountPointOwner, or make the account');
  }
  try {
    await mkdir(place, { recursive: true });
    await chown(place, owner.uid, owner.gid);
    await chmod(place, Number.parseInt(mountPointMode, 8));
    return '; the mount point was made';
  } catch (error) {
    return failed((error as Error).message, `make it by hand: mkdir -p ${place}`);
  }
}
