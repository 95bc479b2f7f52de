import { rm } from 'node:fs/promises';
import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { readLink } from './readLink.ts';
import { newLinkOf, type Settings } from './settings.ts';

/** Takes it out of service, whatever is left of it. What is out already is done. */
export async function remove({ settings }: KitCall<Settings>): Promise<Outcome> {
  const { link } = settings;
  try {
    await rm(newLinkOf(settings), { force: true });
    if ((await readLink(link)) === undefined) return done(`there is no ${link}`);
    await rm(link);
    return done(`${link} is gone`);
  } catch (error) {
    return failed((error as Error).message, `see what ${link} is`);
  }
}
