import { readdir } from 'node:fs/promises';
import { askOnce, type CheckResult, type Condition, type Finding, found, type KitCall } from '@holdfast/kit';
import { look } from './look.ts';
import { quickCheck } from './quickCheck.ts';
import { type Settings, wantsReadOnly } from './settings.ts';
import { writeProbe } from './writeProbe.ts';

/** Left of the budget for the answer. */
const keptMs = 200;

/** Writes a block to it, or reads its root where it is mounted to be read only. */
export async function deepCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const begunAt = performance.now();
  const { settings, budgetMs, signal } = call;
  const quick = await quickCheck(call);
  if (quick.finding !== 'in-service') return quick;
  const { place } = await look(call);
  const limits = { withinMs: Math.max(budgetMs - keptMs - (performance.now() - begunAt), 0), signal };
  const also = (finding: Finding, says: string, conditions: readonly Condition[] = []): CheckResult =>
    found(finding, `${quick.evidence}; ${says}`, [...(quick.conditions ?? []), ...conditions]);

  if (wantsReadOnly(settings)) {
    const read = await askOnce(
      `read ${place}`,
      () => readdir(place).then(String, (error: Error) => error),
      limits,
    );
    if (read === undefined) return also('timeout', 'its root was not read in time');
    return read instanceof Error ? also('failed', read.message) : also('in-service', 'its root was read');
  }

  const probe = await writeProbe(place, limits);
  switch (probe.result) {
    case 'written':
      return also('in-service', 'a block was written to it');
    case 'hangs':
      return also('timeout', probe.says);
    case 'refused': {
      // Another node would find it just as full, so moving it there would help nobody.
      if (!/No space left|quota exceeded/i.test(probe.says)) return also('failed', probe.says);
      return also('degraded', probe.says, [{ code: 'full', says: probe.says }]);
    }
  }
}
