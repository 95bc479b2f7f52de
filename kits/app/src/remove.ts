import type { KitCall, Outcome } from '@holdfast/kit';
import { act } from './act.ts';
import { setMark } from './marker.ts';
import type { Settings } from './settings.ts';

/** Runs the script for it, also when nothing is known of it here: something may be left. */
export async function remove(call: KitCall<Settings>): Promise<Outcome> {
  const outcome = await act(call, 'remove');
  if (outcome.result === 'done') await setMark(call.settings, undefined);
  return outcome;
}
