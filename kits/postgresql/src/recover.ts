import type { KitCall, Outcome } from '@holdfast/kit';
import { bringUp } from './bringUp.ts';
import type { Settings } from './settings.ts';

/**
 * The same as restore, but what hangs is ended at once: a check has found it failed already, clients wait, and the
 * write-ahead log brings back what was committed.
 */
export function recover(call: KitCall<Settings>): Promise<Outcome> {
  return bringUp(call, 'hard');
}
