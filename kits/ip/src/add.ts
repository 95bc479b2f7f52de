import type { KitCall, Outcome } from '@holdfast/kit';
import { addIPv4, type Manner } from './addIPv4.ts';
import { addIPv6 } from './addIPv6.ts';
import { announce } from './announce.ts';
import { keptOf, rememberSeen } from './kept.ts';
import { familyOf } from './readAddress.ts';
import type { Link } from './readLinks.ts';
import type { Settings } from './settings.ts';

/** Adds the address to a device where it is not, and tells the neighbours. */
export async function add(call: KitCall<Settings>, link: Link, manner: Manner): Promise<Outcome> {
  delete keptOf(call.memory).duplicate;
  const addByFamily = familyOf(call.settings.address) === 'inet' ? addIPv4 : addIPv6;
  const outcome = await addByFamily(call, link, manner);
  if (outcome.result === 'done') {
    announce(call, link);
    rememberSeen(call.memory, link.name);
  }
  return outcome;
}
