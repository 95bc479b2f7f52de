import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { type CheckResult, type Condition, found, type KitCall } from '@holdfast/kit';
import { findPlace, wantedLabel } from './findPlace.ts';
import { keptOf, rememberSeen } from './kept.ts';
import { pingTargets } from './pingTargets.ts';
import { familyOf, splitAddress } from './readAddress.ts';
import { readLinks, whatAilsLink } from './readLinks.ts';
import { devicesOf, type Settings } from './settings.ts';
import { waitForKernel } from './waitForKernel.ts';

/** After a device came up again the kernel asks anew for the IPv6 addresses that it kept, for up to two seconds. */
const kernelAsksAgainForMs = 2_200;

/** Where it serves, and under which label. */
type Serving = Readonly<{ device: string; label: string }>;

/**
 * Starts no program while all is well and no targets are set. `networkInterfaces` asks the kernel in this process and
 * lists only devices that are up and have a carrier: so an address in it serves. Of an address that is missing there,
 * it does not say why; then `ip` is asked, which takes some milliseconds more.
 */
export async function quickCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const { settings } = call;
  const { address } = settings;
  const { host } = splitAddress(address);
  const serving = servingNow(settings) ?? (await lookCloser(call));
  if ('finding' in serving) return serving;
  const { device, label } = serving;
  if (familyOf(host) === 'inet6') {
    const state = await waitForKernel(call, { host, device, withinMs: kernelAsksAgainForMs });
    if (state === 'gone') return found('out-of-service', `${host} is not on this node`);
    if (state === 'refused')
      return found('failed', `${host} is taken: another host answers for it, and the kernel does not use it`);
    if (state === 'tentative') return found('failed', `the kernel has not said yet whether ${host} is taken`);
  }
  const asked = await pingTargets(call);
  if (asked.isSilent) return found('failed', `${address} is on ${device}, and ${asked.says}`);
  rememberSeen(call.memory, device);
  const { duplicate } = keptOf(call.memory);
  const wanted = wantedLabel(settings, device);
  const conditions: Condition[] = [
    ...(duplicate === undefined ? [] : [{ code: 'address-duplicate', says: duplicate }]),
    ...(wanted === undefined || wanted === label
      ? []
      : [{ code: 'label-differs', says: `its label is ${label}; the next restore makes it ${wanted}` }]),
    ...(asked.isUnable ? [{ code: 'targets-not-asked', says: asked.says }] : []),
  ];
  const answers = settings.pingTargets.length === 0 || asked.isUnable ? '' : `; ${asked.says}`;
  return found('in-service', `${address} is on ${device}, which has a carrier${answers}`, conditions);
}

/** An entry is named by its label, and a label begins with the device, unless a person gave it another. */
function servingNow(settings: Settings): Serving | undefined {
  const { host } = splitAddress(settings.address);
  const devices = devicesOf(settings);
  const here = Object.entries(networkInterfaces()).flatMap(([label, entries]) =>
    (entries ?? [])
      .filter((entry) => entry.address === host)
      .map(({ cidr, internal }) => ({ device: label.split(':')[0]!, label, cidr, internal })),
  );
  const [only, ...others] = here;
  if (only === undefined || others.length > 0 || only.cidr !== settings.address) return undefined;
  const isAsSet = devices.length === 0 ? !only.internal : devices.includes(only.device);
  return isAsSet && !hasLostCarrier(only.device) ? only : undefined;
}

/** The list learns of a lost carrier up to a second late, this file at once. Nothing is known where it cannot be read. */
function hasLostCarrier(device: string): boolean {
  try {
    return readFileSync(`/sys/class/net/${device}/carrier`, 'utf8').trim() === '0';
  } catch {
    return false;
  }
}

async function lookCloser(call: KitCall<Settings>): Promise<Serving | CheckResult> {
  const { settings } = call;
  const { host } = splitAddress(settings.address);
  const seen = await readLinks(call);
  if (typeof seen === 'string') return found('unknown', seen);
  const place = findPlace(seen, settings);
  if (place.kind === 'otherwise') return found('failed', place.says);
  if (place.kind === 'nowhere') {
    const devices = devicesOf(settings);
    const isThere = devices.length === 0 || seen.links.some(({ name }) => devices.includes(name));
    if (!isThere) return found('out-of-service', `there is no device ${devices.join(', ')}`);
    return found('out-of-service', `${host} is not on this node`);
  }
  const ailment = whatAilsLink(seen.links.find(({ name }) => name === place.at.device)!);
  if (ailment !== undefined) return found('failed', `${settings.address} is there, and ${ailment}`);
  // The link came back between the two looks, or a person labelled it without the device's name.
  return place.at;
}
