import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { stopBackground } from './background.ts';
import { findPlace } from './findPlace.ts';
import { keptOf } from './kept.ts';
import { splitAddress } from './readAddress.ts';
import { readLinks } from './readLinks.ts';
import { devicesOf, type Settings } from './settings.ts';
import { takeAway } from './takeAway.ts';

/** Takes away exactly the address that was added, whatever its label. Every other address stays. */
export async function remove(call: KitCall<Settings>): Promise<Outcome> {
  const { address } = call.settings;
  const { host } = splitAddress(address);
  // What was seen before says nothing about a node that has given the address away.
  const kept = keptOf(call.memory);
  delete kept.lastSeen;
  delete kept.duplicate;
  await stopBackground(host);
  const seen = await readLinks(call);
  if (typeof seen === 'string') return failed(seen, 'see that the program ip works on this node');
  const place = findPlace(seen, call.settings);
  if (place.kind === 'nowhere') {
    const missing = devicesOf(call.settings).filter(
      (device) => !seen.links.some(({ name }) => name === device),
    );
    return done(
      [`${host} is not on this node`, ...missing.map((device) => `there is no device ${device}`)].join('; '),
    );
  }
  // It would go on answering for the address, so another node may not take it; but it is not ours to take away.
  if (place.kind === 'otherwise') return failed(place.says, place.todo);
  return (await takeAway(call, seen, place.at)) ?? done(`${address} taken from ${place.at.device}`);
}
