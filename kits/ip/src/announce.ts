import { readFileSync } from 'node:fs';
import type { KitCall } from '@holdfast/kit';
import { advertiseProgram, advertiseWords } from './advertise.ts';
import { backgroundOf } from './background.ts';
import { familyOf, splitAddress } from './readAddress.ts';
import type { Link } from './readLinks.ts';
import type { Settings } from './settings.ts';

/** At once, and again one and two seconds later. */
const times = 3;

/**
 * Tells the neighbours at once and again a second apart, so that one lost packet does not send traffic to the old
 * place. Nobody waits for it: the first packets leave within milliseconds. For IPv4 some devices listen to requests and
 * some to answers, so it sends both.
 */
export function announce(call: KitCall<Settings>, link: Link): void {
  if (!link.asksNeighbours) return;
  const { address } = call.settings;
  const { host } = splitAddress(address);
  const words =
    familyOf(host) === 'inet'
      ? ['-U', '-A'].map(
          (kind) =>
            ['arping', kind, '-q', '-c', String(times), '-w', String(times), '-I', link.name, host] as const,
        )
      : [advertiseWords({ host, link, times, isRouter: forwards(link.name) })];
  backgroundOf(call).begin(async (signal) => {
    const told = await Promise.all(
      words.map((argv) => call.run(argv, { budgetMs: (times + 1) * 1_000, killAfterMs: 100, signal })),
    );
    const bad = told.find(({ ok, ending }) => !ok && ending !== 'aborted' && ending !== 'budget');
    if (bad === undefined) return;
    const kernel = familyOf(host) === 'inet6' ? `; the kernel did once, without ${advertiseProgram}` : '';
    call.log.warn(
      { address, says: bad.says },
      `the neighbours were not told of ${host}: ${bad.says}${kernel}`,
    );
  });
}

/** Neighbours that use this node as a router would forget it as one if it did not say that it is. */
function forwards(device: string): boolean {
  try {
    return readFileSync(`/proc/sys/net/ipv6/conf/${device}/forwarding`, 'utf8').trim() !== '0';
  } catch {
    return false;
  }
}
