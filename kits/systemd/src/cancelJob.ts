import type { KitCall } from '@holdfast/kit';
import { readUnit } from './readUnit.ts';
import type { Settings } from './settings.ts';

const cancelMs = 1_500;

/**
 * Takes back the job that systemd has for the unit: a job goes on when the program that asked for it has ended. Called
 * when the action is no longer wanted, so its own signal is over.
 */
export async function cancelJob(call: KitCall<Settings>): Promise<void> {
  const signal = AbortSignal.timeout(cancelMs);
  const unit = await readUnit({ ...call, signal }, cancelMs / 2);
  if ('unasked' in unit || !/^[1-9]\d*$/.test(unit.Job)) return;
  await call.run(['systemctl', 'cancel', '--', unit.Job], { budgetMs: cancelMs / 2, signal });
}
