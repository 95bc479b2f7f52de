import { type CheckResult, found, type KitCall } from '@holdfast/kit';
import { findProcesses } from './findProcesses.ts';
import { judge } from './judge.ts';
import { readUnit } from './readUnit.ts';
import type { Settings } from './settings.ts';

/** Asks systemd how the unit stands. Whether what runs in it serves, systemd does not know. */
export async function quickCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const unit = await readUnit(call, call.budgetMs * 0.9);
  if ('unasked' in unit) return found(unit.isLate ? 'timeout' : 'unknown', unit.unasked);
  return judge(unit, await findProcesses(unit));
}
