import type { AbortStep, KitCall } from '@holdfast/kit';
import { findPlace } from './findPlace.ts';
import { familyOf } from './readAddress.ts';
import { readLinks } from './readLinks.ts';
import { devicesOf, type Settings } from './settings.ts';

/**
 * Deletes the address from where it is; from each device of the settings when it is nowhere now. When it came first in
 * its subnet, the others would go with it: the device promotes them, and goes on doing so afterwards, which harms
 * nobody.
 */
export async function abort(call: KitCall<Settings>): Promise<readonly AbortStep[]> {
  const { address } = call.settings;
  const seen = await readLinks(call);
  const place = typeof seen === 'string' ? undefined : findPlace(seen, call.settings);
  const devices = place?.kind === 'as-set' ? [place.at.device] : devicesOf(call.settings);
  return devices.flatMap((device): AbortStep[] => [
    ...(familyOf(address) === 'inet'
      ? [{ argv: ['sysctl', '-qw', `net/ipv4/conf/${device}/promote_secondaries=1`] as const, budgetMs: 200 }]
      : []),
    { argv: ['ip', 'address', 'del', address, 'dev', device], budgetMs: 500 },
  ]);
}
