import { rename, rm, symlink } from 'node:fs/promises';
import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { readLink } from './readLink.ts';
import { newLinkOf, type Settings } from './settings.ts';

/** Brings it into service. May be called again after a crash, and when it is in service already. */
export async function restore({ settings, signal }: KitCall<Settings>): Promise<Outcome> {
  const { link, target } = settings;
  try {
    if ((await readLink(link)) === target) return done(`${link} leads to ${target} already`);
    if (signal.aborted) return failed('told to stop', 'restore it again');
    await rm(newLinkOf(settings), { force: true });
    await symlink(target, newLinkOf(settings));
    await rename(newLinkOf(settings), link);
    return done(`${link} leads to ${target}`);
  } catch (error) {
    return failed((error as Error).message, `see that ${link} can be written`);
  }
}
