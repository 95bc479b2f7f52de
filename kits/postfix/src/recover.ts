import type { KitCall, Outcome } from '@holdfast/kit';
import { bringUp } from './bringUp.ts';
import type { Settings } from './settings.ts';

/**
 * The same as restore, but what hangs is ended at once: a check has found it failed already, and what Postfix has
 * taken is in its queue.
 */
export function recover(call: KitCall<Settings>): Promise<Outcome> {
  return bringUp(call, 'hard');
}
