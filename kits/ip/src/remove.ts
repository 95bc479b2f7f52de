import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { stopAnnouncing } from './announce.ts';
import { findPlace, splitAddress } from './findPlace.ts';
import { keepSecondaries } from './keepSecondaries.ts';
import { readLinks } from './readLinks.ts';
import type { Settings } from './settings.ts';

/** Takes away exactly the address that was added. Every other address stays. */
export async function remove(call: KitCall<Settings>): Promise<Outcome> {
  const { address, device } = call.settings;
  const { host } = splitAddress(address);
  await stopAnnouncing(host);
  const seen = await readLinks(call);
  if (typeof seen === 'string') return failed(seen, 'see that the program ip works on this node');
  const place = findPlace(seen, call.settings);
  if (place.kind === 'nowhere') {
    const isThere = seen.links.some(({ name }) => name === device);
    return done(isThere ? `${host} is not on this node` : `there is no device ${device}`);
  }
  // It would go on answering for the address, so another node may not take it; but it is not ours to take away.
  if (place.kind === 'otherwise') return failed(place.says, place.todo);

  const kept = place.isSecondary ? undefined : await keepSecondaries(seen.addresses, call.settings);
  if (kept?.refusal !== undefined) {
    return failed(kept.refusal, `allow it: sysctl -w net.ipv4.conf.${device}.promote_secondaries=1`);
  }
  try {
    const deleted = await call.run(['ip', 'addr', 'del', address, 'dev', device], {
      budgetMs: 5_000,
      signal: call.signal,
    });
    const after = await readLinks(call);
    if (typeof after === 'string') return failed(after, 'see that the program ip works on this node');
    // What counts is what is there: it may have gone with its device while we looked.
    if (findPlace(after, call.settings).kind === 'nowhere') return done(`${address} taken from ${device}`);
    return failed(deleted.says, `see what the kernel says: ip addr del ${address} dev ${device}`);
  } finally {
    await kept?.putBack();
  }
}
