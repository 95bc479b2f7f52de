import { type CheckResult, found, type KitCall } from '@holdfast/kit';
import { expectRunning, isExpectedToRun } from './expectRunning.ts';
import { deepestLevel } from './limits.ts';
import { monitor } from './monitor.ts';
import { openAgent } from './openAgent.ts';
import type { Settings } from './settings.ts';

/** The agent's monitor: a probe until it was seen in service, and a recurring one from then on. */
export function quickCheck(call: KitCall<Settings>): Promise<CheckResult> {
  return check(call, 0);
}

export async function check(call: KitCall<Settings>, level: number | 'deepest'): Promise<CheckResult> {
  const begunAt = performance.now();
  const agent = await openAgent(call);
  if ('missing' in agent) return found('unknown', agent.missing);
  const deepest = call.settings.deepLevel ?? deepestLevel(agent.metadata);
  const result = await monitor(call, agent, {
    withinMs: call.budgetMs - (performance.now() - begunAt),
    isProbe: !isExpectedToRun(call.memory),
    level: level === 'deepest' ? deepest : level,
  });
  if (result.finding === 'in-service' || result.finding === 'degraded') expectRunning(call.memory);
  return result;
}
