import { type Holding, holdSetting } from './holdSetting.ts';
import type { Address } from './readLinks.ts';

const nothingToKeep: Holding = { ok: true, release: () => undefined };

/**
 * The kernel deletes all other addresses of a subnet with the first one, unless the device promotes them. So it is
 * told to promote for the moment of the deletion. The other way, to add them again afterwards, would lose their
 * connections and whatever else was set on them.
 */
export function keepSecondaries(addresses: readonly Address[], goes: Address): Holding {
  if (goes.isSecondary) return nothingToKeep;
  const wouldGo = addresses.filter(
    (one) => one.device === goes.device && one.isSecondary && one.prefix === goes.prefix && one !== goes,
  );
  if (wouldGo.length === 0) return nothingToKeep;
  const holding = holdSetting(promoteFile(goes.device), '1');
  if (holding.ok) return holding;
  const names = wouldGo.map((one) => one.host).join(', ');
  return {
    ok: false,
    why: `the kernel would delete ${names} with it, and cannot be told not to: ${holding.why}`,
  };
}

function promoteFile(device: string): string {
  return `/proc/sys/net/ipv4/conf/${device}/promote_secondaries`;
}
