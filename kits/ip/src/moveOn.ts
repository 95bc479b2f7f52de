import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { add } from './add.ts';
import { stopBackground } from './background.ts';
import { chooseDevice } from './chooseDevice.ts';
import { findPlace } from './findPlace.ts';
import { pingTargets } from './pingTargets.ts';
import { type Address, type Links, readLinks } from './readLinks.ts';
import { devicesOf, type Settings } from './settings.ts';
import { takeAway } from './takeAway.ts';

type From = Readonly<{ seen: Links; from: Address; because: string }>;

/** From a device that does not serve to the next of the list, until one serves; each is tried once. */
export async function moveOn(call: KitCall<Settings>, first: From): Promise<Outcome> {
  const avoid: string[] = [];
  let { seen, from, because } = first;
  for (let left = devicesOf(call.settings).length - 1; left > 0; left -= 1) {
    avoid.push(from.device);
    const moved = await move(call, { seen, from, because }, avoid);
    if (moved.result === 'failed') return moved;
    const asked = await pingTargets(call);
    if (!asked.isSilent) return moved;
    because = `${moved.evidence}; ${asked.says}`;
    const now = await readLinks(call);
    if (typeof now === 'string') return failed(now, 'see that the program ip works on this node');
    const place = findPlace(now, call.settings);
    if (place.kind !== 'as-set') break;
    seen = now;
    from = place.at;
  }
  return failed(because, `look after the network of ${from.device}`);
}

/**
 * It leaves the old device first: on both, the kernel would answer for it on both. Other hosts are asked for again, as
 * this node was not heard for a while.
 */
async function move(
  call: KitCall<Settings>,
  { seen, from, because }: From,
  avoid: readonly string[],
): Promise<Outcome> {
  const choice = await chooseDevice(call, seen, avoid);
  if (!choice.ok) return failed(`${because}; ${choice.says}`, choice.todo);
  await stopBackground(from.host);
  const refused = await takeAway(call, seen, from);
  if (refused !== undefined) return refused;
  const added = await add(call, choice.link, 'ask-first');
  return added.result === 'failed' ? added : done(`${because}; ${added.evidence}`);
}
