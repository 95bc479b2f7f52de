import { readFile, writeFile } from 'node:fs/promises';
import { splitAddress } from './findPlace.ts';
import type { Address } from './readLinks.ts';
import type { Settings } from './settings.ts';

type Kept = Readonly<{ refusal?: string; putBack: () => Promise<void> }>;

/**
 * The kernel deletes all other addresses of a subnet with the first one, unless the device promotes them. So it is
 * told to promote for the moment of the deletion. The other way, to add them again afterwards, would lose their
 * connections and whatever else was set on them.
 */
export async function keepSecondaries(addresses: readonly Address[], settings: Settings): Promise<Kept> {
  const { host, prefix } = splitAddress(settings.address);
  const wouldGo = addresses.filter(
    (one) => one.device === settings.device && one.isSecondary && one.prefix === prefix && one.host !== host,
  );
  if (wouldGo.length === 0) return { putBack: async () => undefined };
  const file = `/proc/sys/net/ipv4/conf/${settings.device}/promote_secondaries`;
  try {
    const before = (await readFile(file, 'utf8')).trim();
    if (before !== '0') return { putBack: async () => undefined };
    await writeFile(file, '1');
    return { putBack: () => writeFile(file, before).catch(() => undefined) };
  } catch (error) {
    const names = wouldGo.map((one) => one.host).join(', ');
    return {
      refusal: `the kernel would delete ${names} with it, and cannot be told not to: ${(error as Error).message}`,
      putBack: async () => undefined,
    };
  }
}
