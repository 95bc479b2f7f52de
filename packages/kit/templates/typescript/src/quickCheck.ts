import { type CheckResult, found, type KitCall } from '@holdfast/kit';
import { readLink } from './readLink.ts';
import type { Settings } from './settings.ts';

/** Tells how it is, and changes nothing. */
export async function quickCheck({ settings }: KitCall<Settings>): Promise<CheckResult> {
  const { link, target } = settings;
  try {
    const leadsTo = await readLink(link);
    if (leadsTo === undefined) return found('out-of-service', `there is no ${link}`);
    if (leadsTo !== target) return found('failed', `${link} leads to ${leadsTo}`);
    return found('in-service', `${link} leads to ${target}`);
  } catch (error) {
    return found('unknown', (error as Error).message);
  }
}
