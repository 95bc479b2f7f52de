import type { KitCall } from '@holdfast/kit';
import { findByRoute } from './findByRoute.ts';
import { type Link, type Links, whatAilsLink } from './readLinks.ts';
import { devicesOf, type Settings } from './settings.ts';

export type Choice =
  | Readonly<{ ok: true; link: Link; says: string }>
  | Readonly<{ ok: false; says: string; todo: string }>;

/**
 * The device that is to carry the address: the first of the settings that is there and has a carrier. Brings no device
 * up: who takes a device down has a reason, and it is not this resource's.
 */
export async function chooseDevice(
  call: KitCall<Settings>,
  { links }: Links,
  avoid: readonly string[] = [],
): Promise<Choice> {
  const named = devicesOf(call.settings);
  const byRoute = named.length === 0 ? await findByRoute(call) : undefined;
  if (byRoute !== undefined && !byRoute.ok) return byRoute;
  const candidates = (byRoute === undefined ? named : [byRoute.device]).filter(
    (name) => !avoid.includes(name),
  );
  const ailments: string[] = [];
  for (const name of candidates) {
    const link = links.find((one) => one.name === name);
    const ailment = link === undefined ? `there is no device ${name}` : whatAilsLink(link);
    if (link !== undefined && ailment === undefined) {
      return { ok: true, link, says: byRoute === undefined ? name : `${name}, where ${byRoute.route} leads` };
    }
    ailments.push(ailment!);
  }
  if (candidates.length === 0) {
    return {
      ok: false,
      says: `there is no other device than ${avoid.join(', ')}`,
      todo: 'look after the network there, or name more devices in the settings: devices: [eth0, eth1]',
    };
  }
  const isThere = links.find(({ name }) => candidates.includes(name));
  return {
    ok: false,
    says: ailments.join('; '),
    todo:
      isThere === undefined
        ? `name one of these in the settings: ${links.map(({ name }) => name).join(', ')}`
        : `look after the link, or bring it up: ip link set ${isThere.name} up`,
  };
}
