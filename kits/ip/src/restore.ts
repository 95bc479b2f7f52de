import type { KitCall, Outcome } from '@holdfast/kit';
import { bringIn } from './bringIn.ts';
import type { Settings } from './settings.ts';

/** Adds the address to its device and tells the neighbours, once it is known that no other host has it. */
export function restore(call: KitCall<Settings>): Promise<Outcome> {
  return bringIn(call, { mayAskAfterwards: false });
}
