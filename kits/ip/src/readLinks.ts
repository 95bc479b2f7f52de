import type { KitCall } from '@holdfast/kit';

export type Address = Readonly<{ device: string; host: string; prefix: number; isSecondary: boolean }>;

export type Link = Readonly<{
  name: string;
  /** Set up by an administrator. */
  isUp: boolean;
  /** Another end answers: a cable, a bridge. */
  hasCarrier: boolean;
  /** Asks for neighbours by ARP; a loopback or a tunnel does not. */
  asksNeighbours: boolean;
}>;

export type Links = Readonly<{ links: readonly Link[]; addresses: readonly Address[] }>;

type Shown = {
  ifname: string;
  flags: string[];
  addr_info?: { family: string; local?: string; prefixlen?: number; secondary?: boolean }[];
};

/** All devices and their IPv4 addresses as the kernel has them; a problem in words when they could not be read. */
export async function readLinks(call: Pick<KitCall<unknown>, 'run' | 'signal'>): Promise<Links | string> {
  const shown = await call.run(['ip', '-json', 'addr', 'show'], { budgetMs: 5_000, signal: call.signal });
  if (!shown.ok) return shown.says;
  if (shown.dropped > 0) return 'ip: more devices than can be read';
  const devices = JSON.parse(shown.stdout) as Shown[];
  return {
    links: devices.map(({ ifname, flags }) => ({
      name: ifname,
      isUp: flags.includes('UP'),
      hasCarrier: !flags.includes('NO-CARRIER') && flags.includes('LOWER_UP'),
      asksNeighbours: !flags.includes('NOARP') && !flags.includes('LOOPBACK'),
    })),
    addresses: devices.flatMap(({ ifname, addr_info }) =>
      (addr_info ?? [])
        .filter(({ family, local }) => family === 'inet' && local !== undefined)
        .map(({ local, prefixlen, secondary }) => ({
          device: ifname,
          host: local!,
          prefix: prefixlen ?? 32,
          isSecondary: secondary === true,
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
