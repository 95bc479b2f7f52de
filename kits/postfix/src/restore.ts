import type { KitCall, Outcome } from '@holdfast/kit';
import { bringUp } from './bringUp.ts';
import type { Settings } from './settings.ts';

/** Starts the instance, whatever is left of an earlier one. One that hangs is given the chance to stop in order. */
export function restore(call: KitCall<Settings>): Promise<Outcome> {
  return bringUp(call, 'orderly');
}
