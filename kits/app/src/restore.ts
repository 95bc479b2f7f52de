import type { KitCall, Outcome } from '@holdfast/kit';
import { act } from './act.ts';
import { setMark } from './marker.ts';
import type { Settings } from './settings.ts';

/** Runs the script for it, also when it is in service already: that is for the script to see. */
export async function restore(call: KitCall<Settings>): Promise<Outcome> {
  await setMark(call.settings, 'restoring');
  const outcome = await act(call, 'restore');
  if (outcome.result === 'done') await setMark(call.settings, 'restored');
  return outcome;
}
