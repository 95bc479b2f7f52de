import type { KitCall } from '@holdfast/kit';
import type { Family } from './readAddress.ts';

export type Address = Readonly<{
  device: string;
  family: Family;
  host: string;
  prefix: number;
  /** IPv4: another address of the subnet came first, and this one would go with it. */
  isSecondary: boolean;
  /** IPv4: the whole label, `eth0:vip`; the device's name where none was given. */
  label: string;
  /** IPv6: the kernel is still asking whether another host has it, and does not use it yet. */
  isTentative: boolean;
  /** IPv6: another host has it, and the kernel does not use it. */
  isRefused: boolean;
}>;

export type Link = Readonly<{
  name: string;
  index: number;
  /** Set up by an administrator. */
  isUp: boolean;
  /** Another end answers: a cable, a bridge. */
  hasCarrier: boolean;
  /** Asks for neighbours by ARP or neighbour discovery; a loopback or a tunnel does not. */
  asksNeighbours: boolean;
  isLoopback: boolean;
  /** Six bytes on Ethernet, as `02:00:…`; other media have other lengths, or none. */
  hardwareAddress: string;
}>;

export type Links = Readonly<{ links: readonly Link[]; addresses: readonly Address[] }>;

type Shown = {
  ifname: string;
  ifindex: number;
  flags: string[];
  address?: string;
  addr_info?: {
    family: string;
    local?: string;
    prefixlen?: number;
    secondary?: boolean;
    label?: string;
    tentative?: boolean;
    optimistic?: boolean;
    dadfailed?: boolean;
  }[];
};

/** All devices and their addresses as the kernel has them; a problem in words when they could not be read. */
export async function readLinks(call: Pick<KitCall<unknown>, 'run' | 'signal'>): Promise<Links | string> {
  const shown = await call.run(['ip', '-json', 'addr', 'show'], { budgetMs: 5_000, signal: call.signal });
  if (!shown.ok) return shown.says;
  if (shown.dropped > 0) return 'ip: more devices than can be read';
  const devices = JSON.parse(shown.stdout) as Shown[];
  return {
    links: devices.map(({ ifname, ifindex, flags, address }) => ({
      name: ifname,
      index: ifindex,
      isUp: flags.includes('UP'),
      hasCarrier: !flags.includes('NO-CARRIER') && flags.includes('LOWER_UP'),
      asksNeighbours: !flags.includes('NOARP') && !flags.includes('LOOPBACK'),
      isLoopback: flags.includes('LOOPBACK'),
      hardwareAddress: address ?? '',
    })),
    addresses: devices.flatMap(({ ifname, addr_info }) =>
      (addr_info ?? [])
        .filter(({ family, local }) => (family === 'inet' || family === 'inet6') && local !== undefined)
        .map((one) => ({
          device: ifname,
          family: one.family as Family,
          host: one.local!,
          prefix: one.prefixlen ?? (one.family === 'inet' ? 32 : 128),
          isSecondary: one.secondary === true,
          label: one.label ?? ifname,
          isTentative: one.tentative === true && one.optimistic !== true && one.dadfailed !== true,
          isRefused: one.dadfailed === true,
        })),
    ),
  };
}

/** Why the link serves nobody; undefined when it is well. */
export function whatAilsLink(link: Link): string | undefined {
  if (!link.isUp) return `${link.name} is down`;
  if (!link.hasCarrier) return `${link.name} has no carrier`;
  return undefined;
}
