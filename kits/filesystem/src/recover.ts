import { failed, type KitCall, type Outcome } from '@holdfast/kit';
import { look, sayMount } from './look.ts';
import { restore } from './restore.ts';
import type { Settings } from './settings.ts';

/**
 * Mounts again what somebody unmounted. A mount that is there and does not serve cannot be repaired under those who
 * use it: that is for the engine, which removes and restores what rests on it as well.
 */
export async function recover(call: KitCall<Settings>): Promise<Outcome> {
  const { top } = await look(call);
  if (top === undefined) return restore(call);
  return failed(
    `${sayMount(top)} is mounted, and cannot be repaired under those who use it`,
    'remove the resource with all that rests on it, and restore it',
  );
}
