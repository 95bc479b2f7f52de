import type { CheckResult, KitCall } from '@holdfast/kit';
import { check } from './quickCheck.ts';
import type { Settings } from './settings.ts';

/** The monitor at its deepest level, which may read and write what it protects. */
export function deepCheck(call: KitCall<Settings>): Promise<CheckResult> {
  return check(call, 'deepest');
}
