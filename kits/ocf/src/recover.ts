import type { KitCall, Outcome } from '@holdfast/kit';
import { bringUp } from './restore.ts';
import type { Settings } from './settings.ts';

/**
 * Starts again what does not run any more. What is broken and there is not stopped from here: the stop of an agent may
 * end what rests on it, such as every user of a file system. The engine takes those out first.
 */
export function recover(call: KitCall<Settings>): Promise<Outcome> {
  return bringUp(call, 'leave what is broken');
}
