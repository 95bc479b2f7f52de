import type { KitCall } from '@holdfast/kit';
import { splitAddress } from './findPlace.ts';
import type { Settings } from './settings.ts';

const running = new Map<string, { controller: AbortController; over: Promise<unknown> }>();

/**
 * Tells the neighbours at once and twice more, a second apart, so that one lost packet does not send traffic to the
 * old place. Some devices listen to requests and some to answers, so it sends both. Nobody waits for it: the first
 * packets leave within milliseconds.
 */
export function announce(call: KitCall<Settings>): void {
  const { address, device } = call.settings;
  const { host } = splitAddress(address);
  const controller = new AbortController();
  const over = Promise.all(
    ['-U', '-A'].map((kind) =>
      call.run(['arping', kind, '-q', '-c', '3', '-w', '3', '-I', device, host], {
        budgetMs: 4_000,
        killAfterMs: 100,
        signal: controller.signal,
      }),
    ),
  ).then(([first]) => {
    if (running.get(host)?.controller === controller) running.delete(host);
    if (first?.ending === 'not-started') {
      call.log.warn({ address }, 'the neighbours were not told of the address: arping is not installed');
    }
  });
  running.set(host, { controller, over });
}

/** Must be over before the address is taken away: the next node may announce it at any moment then. */
export async function stopAnnouncing(host: string): Promise<void> {
  const one = running.get(host);
  one?.controller.abort();
  await one?.over;
}
