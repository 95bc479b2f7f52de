import { networkInterfaces } from 'node:os';
import { type CheckResult, found, type KitCall } from '@holdfast/kit';
import { findPlace, splitAddress } from './findPlace.ts';
import { readLinks, whatAilsLink } from './readLinks.ts';
import type { Settings } from './settings.ts';

/**
 * Starts no program while all is well. `networkInterfaces` asks the kernel in this process and lists only devices
 * that are up and have a carrier: so an address in it serves. Of an address that is missing there, it does not say
 * why; then `ip` is asked, which takes some milliseconds more.
 */
export async function quickCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const { address, device } = call.settings;
  const { host } = splitAddress(address);
  const serving = Object.entries(networkInterfaces()).flatMap(([name, entries]) =>
    (entries ?? []).filter((entry) => entry.address === host).map(({ cidr }) => ({ name, cidr })),
  );
  if (serving.length === 1 && serving[0]!.name === device && serving[0]!.cidr === address) {
    return found('in-service', `${address} is on ${device}, which has a carrier`);
  }
  const seen = await readLinks(call);
  if (typeof seen === 'string') return found('unknown', seen);
  const place = findPlace(seen, call.settings);
  if (place.kind === 'otherwise') return found('failed', place.says);
  const link = seen.links.find(({ name }) => name === device);
  if (link === undefined) return found('out-of-service', `there is no device ${device}`);
  if (place.kind === 'nowhere') return found('out-of-service', `${host} is not on this node`);
  const ailment = whatAilsLink(link);
  if (ailment !== undefined) return found('failed', `${address} is there, and ${ailment}`);
  // The link came back between the two looks.
  return found('in-service', `${address} is on ${device}`);
}
