import { readFile } from 'node:fs/promises';
import { SocketAddress } from 'node:net';

/** How far the kernel is with an IPv6 address. It uses neither a tentative nor a refused one. */
export type IPv6State = 'usable' | 'tentative' | 'refused' | 'gone';

/** From the kernel's headers, if_addr.h. */
const flag = { optimistic: 0x04, refused: 0x08, tentative: 0x40 } as const;

/**
 *   fd000077000000000000000000000050 03 40 00 c8       eth0
 *   address                          index  scope flags name
 */
export async function readIPv6State(host: string, device: string): Promise<IPv6State> {
  const text = await readFile('/proc/net/if_inet6', 'utf8').catch(() => '');
  const line = text
    .split('\n')
    .map((one) => one.trim().split(/\s+/))
    .find(([hex, , , , , name]) => name === device && hex !== undefined && hostOf(hex) === host);
  if (line === undefined) return 'gone';
  const flags = Number.parseInt(line[4]!, 16);
  if ((flags & flag.refused) !== 0) return 'refused';
  // An optimistic one is in use while the kernel asks.
  return (flags & flag.tentative) !== 0 && (flags & flag.optimistic) === 0 ? 'tentative' : 'usable';
}

function hostOf(hex: string): string {
  return new SocketAddress({ address: hex.match(/.{4}/g)!.join(':'), family: 'ipv6' }).address;
}
