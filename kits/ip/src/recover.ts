import type { KitCall, Outcome } from '@holdfast/kit';
import { bringIn } from './bringIn.ts';
import type { Settings } from './settings.ts';

/**
 * Puts back an address that vanished: at once, when it was here a moment ago and the link was up all the while. From a
 * device that does not serve, it moves on to the next of the list.
 */
export function recover(call: KitCall<Settings>): Promise<Outcome> {
  return bringIn(call, { mayAskAfterwards: true });
}
