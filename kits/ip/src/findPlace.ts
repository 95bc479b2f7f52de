import type { Address, Links } from './readLinks.ts';
import type { Settings } from './settings.ts';

/** Where an address is on this node: as set, in another way, or nowhere. */
export type Place =
  | Readonly<{ kind: 'as-set'; isSecondary: boolean }>
  | Readonly<{ kind: 'otherwise'; says: string; todo: string }>
  | Readonly<{ kind: 'nowhere' }>;

export function findPlace({ addresses }: Links, { address, device }: Settings): Place {
  const { host, prefix } = splitAddress(address);
  const here = addresses.filter((one) => one.host === host);
  const asSet = here.find((one) => one.device === device && one.prefix === prefix);
  const other = here.find((one) => one !== asSet);
  // The wrong one counts more: the kernel answers for the address on both.
  if (other !== undefined) return otherwise(other);
  return asSet === undefined ? { kind: 'nowhere' } : { kind: 'as-set', isSecondary: asSet.isSecondary };
}

export function splitAddress(address: string): { host: string; prefix: number } {
  const [host, prefix] = address.split('/') as [string, string];
  return { host, prefix: Number(prefix) };
}

function otherwise({ host, prefix, device }: Address): Place {
  return {
    kind: 'otherwise',
    says: `${host} is on ${device} with the prefix length ${prefix}, which this resource did not add`,
    todo: `correct the settings of the resource, or take it away by hand: ip addr del ${host}/${prefix} dev ${device}`,
  };
}
