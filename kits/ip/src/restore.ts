import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { announce } from './announce.ts';
import { askForDuplicate } from './askForDuplicate.ts';
import { findPlace } from './findPlace.ts';
import { readLinks, whatAilsLink } from './readLinks.ts';
import type { Settings } from './settings.ts';

/**
 * Adds the address to the device and tells the neighbours. Brings no device up: who takes a device down has a reason,
 * and it is not this resource's.
 */
export async function restore(call: KitCall<Settings>): Promise<Outcome> {
  const { address, device } = call.settings;
  const seen = await readLinks(call);
  if (typeof seen === 'string') return failed(seen, 'see that the program ip works on this node');
  const link = seen.links.find(({ name }) => name === device);
  if (link === undefined) {
    return failed(
      `there is no device ${device}`,
      `name one of these in the settings: ${seen.links.map(({ name }) => name).join(', ')}`,
    );
  }
  const place = findPlace(seen, call.settings);
  if (place.kind === 'otherwise') return failed(place.says, place.todo);
  const ailment = whatAilsLink(link);
  if (ailment !== undefined) {
    return failed(ailment, `look after the link, or bring it up: ip link set ${device} up`);
  }
  if (place.kind === 'as-set') return done(`${address} is on ${device} already`);

  const question = link.asksNeighbours
    ? await askForDuplicate(call)
    : { isTaken: false, says: `${device} asks no neighbours` };
  if (question.isTaken) {
    return failed(question.says, 'find that host and take the address from it, then restore again');
  }
  if (call.signal.aborted) return failed('told to stop before it was added', 'restore again');

  const added = await call.run(['ip', 'addr', 'add', address, 'dev', device], {
    budgetMs: 5_000,
    signal: call.signal,
  });
  if (!added.ok) return failed(added.says, `see what the kernel says: ip addr add ${address} dev ${device}`);
  if (link.asksNeighbours) announce(call);
  return done(`${address} added to ${device}; ${question.says}`);
}
