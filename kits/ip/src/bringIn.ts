import { failed, type KitCall, type Outcome } from '@holdfast/kit';
import { add } from './add.ts';
import { chooseDevice } from './chooseDevice.ts';
import { findPlace } from './findPlace.ts';
import { wasHereAMomentAgo } from './kept.ts';
import { moveOn } from './moveOn.ts';
import { pingTargets } from './pingTargets.ts';
import { type Links, readLinks, whatAilsLink } from './readLinks.ts';
import type { Settings } from './settings.ts';
import { settle } from './settle.ts';

/**
 *   nowhere                            add it to the first device that could serve
 *   as set, the link is well           leave it, or mend what is wrong with it
 *   as set, and the device is dead     move on to the next device of the list
 *   in another way                     refuse: it is somebody else's
 *
 * Brings no device up: who takes a device down has a reason, and it is not this resource's.
 */
export async function bringIn(
  call: KitCall<Settings>,
  options: Readonly<{ mayAskAfterwards: boolean }>,
): Promise<Outcome> {
  const seen = await readLinks(call);
  if (typeof seen === 'string') return failed(seen, 'see that the program ip works on this node');
  const place = findPlace(seen, call.settings);
  switch (place.kind) {
    case 'otherwise':
      return failed(place.says, place.todo);
    case 'nowhere': {
      const choice = await chooseDevice(call, seen);
      if (!choice.ok) return failed(choice.says, choice.todo);
      const isAfterwards = options.mayAskAfterwards && wasHereAMomentAgo(call.memory, choice.link.name);
      return seeThatItServes(
        call,
        await add(call, choice.link, isAfterwards ? 'ask-afterwards' : 'ask-first'),
      );
    }
    case 'as-set': {
      const link = linkOf(seen, place.at.device);
      const ailment = whatAilsLink(link);
      if (ailment !== undefined) return moveOn(call, { seen, from: place.at, because: ailment });
      return seeThatItServes(call, await settle(call, { seen, at: place.at, link }));
    }
  }
}

/** A check would ask the targets next: what does not reach any of them is not in service. */
async function seeThatItServes(call: KitCall<Settings>, outcome: Outcome): Promise<Outcome> {
  if (outcome.result === 'failed') return outcome;
  const asked = await pingTargets(call);
  if (!asked.isSilent) return outcome;
  const seen = await readLinks(call);
  const place = typeof seen === 'string' ? undefined : findPlace(seen, call.settings);
  if (typeof seen === 'string' || place?.kind !== 'as-set')
    return failed(asked.says, 'look after the network of this node');
  return moveOn(call, { seen, from: place.at, because: asked.says });
}

function linkOf({ links }: Links, device: string) {
  const link = links.find(({ name }) => name === device);
  if (link === undefined) throw new Error(`an address on ${device}, which is not among the devices`);
  return link;
}
