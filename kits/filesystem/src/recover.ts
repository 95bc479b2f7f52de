import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { deepCheck } from './deepCheck.ts';
import { look } from './look.ts';
import { restore } from './restore.ts';
import type { Settings } from './settings.ts';

/**
 * Mounts again what somebody unmounted. A mount that is there and does not serve cannot be repaired under those who
 * use it: that is for the engine, which removes and restores what rests on it as well.
 */
export async function recover(call: KitCall<Settings>): Promise<Outcome> {
  const { top } = await look(call);
  if (top === undefined) return restore(call);
  // It may serve again by itself, such as after a disk that did not answer for a while.
  const budgetMs = Math.min(call.budgetMs / 2, 5_000);
  const { finding, evidence } = await deepCheck({ ...call, budgetMs });
  if (finding === 'in-service' || finding === 'degraded') return done(evidence);
  return failed(
    `${evidence}; it cannot be repaired under those who use it`,
    'remove the resource with all that rests on it, and restore it',
  );
}
