import { failed, type KitCall, type Outcome } from '@holdfast/kit';
import { act } from './act.ts';
import { setMark } from './marker.ts';
import type { Settings } from './settings.ts';

/** Without a script there is no repair in place: the engine removes and restores it. */
export async function recover(call: KitCall<Settings>): Promise<Outcome> {
  if (call.settings.recover === undefined)
    return failed('it has no recover script', 'nothing; it is removed and restored');
  const outcome = await act(call, 'recover');
  if (outcome.result === 'done') await setMark(call.settings, 'restored');
  return outcome;
}
