import { BlockList } from 'node:net';
import type { KitCall } from '@holdfast/kit';
import { type Family, familyOf, splitAddress } from './readAddress.ts';
import type { Settings } from './settings.ts';

type Route = { dst: string; dev?: string; gateway?: string; type?: string; metric?: number };
type Found =
  | Readonly<{ ok: true; device: string; route: string }>
  | Readonly<{ ok: false; says: string; todo: string }>;

/**
 * The device whose subnet has the address: the longest route that leads there without a gateway, of those the one
 * with the lowest metric. A route through a gateway, the default one above all, says that the address belongs elsewhere.
 */
export async function findByRoute(call: KitCall<Settings>): Promise<Found> {
  const { host } = splitAddress(call.settings.address);
  const family = familyOf(host);
  const shown = await call.run(['ip', '-json', family === 'inet' ? '-4' : '-6', 'route', 'show'], {
    budgetMs: 5_000,
    signal: call.signal,
  });
  const todo = 'name the device in the settings, such as device: eth0';
  if (!shown.ok) return { ok: false, says: shown.says, todo };
  const best = (JSON.parse(shown.stdout || '[]') as Route[])
    .filter((route) => leadsTo(route, host, family))
    .sort((a, b) => lengthOf(b) - lengthOf(a) || (a.metric ?? 0) - (b.metric ?? 0))[0];
  if (best === undefined)
    return {
      ok: false,
      says: `no subnet of this node has ${host}: there is no route to it without a gateway`,
      todo,
    };
  return { ok: true, device: best.dev!, route: best.dst };
}

function leadsTo(route: Route, host: string, family: Family): boolean {
  if (route.dev === undefined || route.gateway !== undefined || !route.dst.includes('/')) return false;
  if (route.type !== undefined && route.type !== 'unicast') return false;
  const [network, length] = route.dst.split('/') as [string, string];
  const type = family === 'inet' ? 'ipv4' : 'ipv6';
  const subnet = new BlockList();
  subnet.addSubnet(network, Number(length), type);
  return subnet.check(host, type);
}

function lengthOf({ dst }: Route): number {
  return Number(dst.split('/')[1]);
}
