import type { KitCall, Outcome } from '@holdfast/kit';
import { restore } from './restore.ts';
import type { Settings } from './settings.ts';

/** Starts again what has ended; systemd has cleared what was left of it. */
export function recover(call: KitCall<Settings>): Promise<Outcome> {
  return restore(call);
}
