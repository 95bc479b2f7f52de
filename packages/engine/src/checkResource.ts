import type { CheckAction, Millis, Resource, Settings } from '@holdfast/core';
import type { CheckResult } from '@holdfast/kit';
import type { Clock, KitRunner } from './ports.ts';
import { withinBudget } from './withinBudget.ts';

export type CheckCall = Readonly<{
  resource: Resource;
  action: CheckAction;
  settings: Settings;
  epoch: number;
  args: readonly string[];
  budgetMs: Millis;
}>;

/** Makes one check. A check that throws could not be made; one that does not end in time found a timeout. */
export async function checkResource(
  engine: Readonly<{ clock: Clock; kits: KitRunner }>,
  call: CheckCall,
  outer: AbortSignal,
): Promise<CheckResult & { tookMs: Millis }> {
  const { resource, action, settings, epoch, args, budgetMs } = call;
  const request = { tag: resource.tag, type: resource.type, action, settings, epoch, args, budgetMs };
  const timed = await withinBudget({ clock: engine.clock, budgetMs, outer }, (signal) =>
    engine.kits.check(request, signal),
  );
  const { tookMs } = timed;
  switch (timed.ended) {
    case 'in-time':
      return { ...timed.value, tookMs };
    case 'late':
      if (outer.aborted) return { finding: 'unknown', evidence: `${action} was cancelled`, tookMs };
      return {
        finding: 'timeout',
        evidence: `${action} took longer than ${budgetMs} ms: ${timed.value.evidence}`,
        tookMs,
      };
    case 'abandoned':
      if (outer.aborted) return { finding: 'unknown', evidence: `${action} was cancelled`, tookMs };
      return {
        finding: 'timeout',
        evidence: `${action} took longer than ${budgetMs} ms, and did not stop when it was told to; this is a fault in the kit ${resource.type}`,
        tookMs,
      };
    case 'threw':
      return {
        finding: 'unknown',
        evidence: `${action} threw: ${String(timed.error)}; this is a fault in the kit ${resource.type}`,
        tookMs,
      };
  }
}
