import { type CheckResult, found, type KitCall } from '@holdfast/kit';
import { announce } from './announce.ts';
import { askWhoElse } from './askWhoElse.ts';
import { findPlace } from './findPlace.ts';
import { keptOf } from './kept.ts';
import { quickCheck } from './quickCheck.ts';
import { familyOf } from './readAddress.ts';
import { readLinks } from './readLinks.ts';
import type { Settings } from './settings.ts';

/**
 * Asks whether another host has the address too, as after two halves of a network meet again; and when nobody has,
 * tells the neighbours once more, in case one of them missed it. For IPv6 the kernel does not ask for an address that
 * it uses.
 */
export async function deepCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const quick = await quickCheck(call);
  if (quick.finding !== 'in-service') return quick;
  const seen = await readLinks(call);
  if (typeof seen === 'string') return found('unknown', seen);
  const place = findPlace(seen, call.settings);
  const link = seen.links.find(({ name }) => place.kind === 'as-set' && name === place.at.device);
  if (link === undefined || !link.asksNeighbours) return quick;
  const kept = keptOf(call.memory);
  delete kept.duplicate;
  const others = (quick.conditions ?? []).filter(({ code }) => code !== 'address-duplicate');
  let says = 'the neighbours are told again';
  if (familyOf(call.settings.address) === 'inet') {
    const question = await askWhoElse(call, link.name);
    if (question.isTaken) {
      kept.duplicate = question.says;
      return found('degraded', question.says, [
        ...others,
        { code: 'address-duplicate', says: question.says },
      ]);
    }
    says = `${question.says}; ${says}`;
  }
  if (!call.signal.aborted) announce(call, link);
  return found('in-service', `${quick.evidence}; ${says}`, others);
}
