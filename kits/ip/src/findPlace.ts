import { splitAddress } from './readAddress.ts';
import type { Address, Links } from './readLinks.ts';
import { devicesOf, type Settings } from './settings.ts';

/** Where an address is on this node: as set, in another way, or nowhere. */
export type Place =
  | Readonly<{ kind: 'as-set'; at: Address }>
  | Readonly<{ kind: 'otherwise'; says: string; todo: string }>
  | Readonly<{ kind: 'nowhere' }>;

/**
 * A device of the list counts as set, whichever of them it is. Found by route, it is any but a loopback: once the
 * address is there, the route to it leads to this node itself and says nothing any more.
 */
export function findPlace({ addresses, links }: Links, settings: Settings): Place {
  const { host, prefix } = splitAddress(settings.address);
  const devices = devicesOf(settings);
  const isLoopback = (name: string): boolean => links.some((link) => link.name === name && link.isLoopback);
  const here = addresses.filter((one) => one.host === host);
  const at = here.find(
    (one) =>
      one.prefix === prefix &&
      (devices.length === 0 ? !isLoopback(one.device) : devices.includes(one.device)),
  );
  const other = here.find((one) => one !== at);
  // The wrong one counts more: the kernel answers for the address on both.
  if (other !== undefined) return otherwise(other);
  return at === undefined ? { kind: 'nowhere' } : { kind: 'as-set', at };
}

/** The label that it should have; undefined when that is all the same. */
export function wantedLabel({ label }: Settings, device: string): string | undefined {
  return label === undefined ? undefined : `${device}:${label}`;
}

function otherwise({ host, prefix, device }: Address): Place {
  return {
    kind: 'otherwise',
    says: `${host} is on ${device} with the prefix length ${prefix}, which this resource did not add`,
    todo: `correct the settings of the resource, or take it away by hand: ip addr del ${host}/${prefix} dev ${device}`,
  };
}
