import { type CheckResult, found, type KitCall } from '@holdfast/kit';
import { type AgentAnswer, callAgent } from './callAgent.ts';
import { sayCode } from './exitCodes.ts';
import { intervalOf, limitOf } from './limits.ts';
import type { OpenAgent } from './openAgent.ts';
import type { Settings } from './settings.ts';

export type MonitorOptions = Readonly<{ withinMs: number; isProbe: boolean; level?: number }>;

/** Asks the agent how the resource stands. */
export async function monitor(
  call: KitCall<Settings>,
  { file, metadata, parameters }: OpenAgent,
  { withinMs, isProbe, level = 0 }: MonitorOptions,
): Promise<CheckResult> {
  const answer = await callAgent(call, {
    file,
    action: 'monitor',
    parameters,
    budgetMs: Math.min(withinMs, limitOf('monitor', metadata, call.settings)),
    intervalMs: isProbe ? 0 : intervalOf(metadata),
    level,
  });
  return findingOf(answer, isProbe);
}

/**
 * What an exit code of monitor means. A probe asks where nobody expects it to run: there what is not installed does not
 * run. Of what is expected to run, missing programs and rights are failures; a wrong configuration never is, for
 * what serves would be taken down for a slip of the pen.
 */
export function findingOf(answer: AgentAnswer, isProbe: boolean): CheckResult {
  const { code, ending, says } = answer;
  if (ending === 'budget') return found('timeout', `monitor: ${says}`);
  if (code === undefined) return found('unknown', `monitor: ${says}`);
  const evidence = `monitor: ${sayCode(code)}${says === '' ? '' : `: ${says}`}`;
  const promoted = { code: 'promoted', says: 'it runs promoted, and this kit knows no roles' };
  switch (code) {
    case 0:
      return found('in-service', evidence);
    case 7:
      return found('out-of-service', evidence);
    case 8:
      return found('in-service', evidence, [promoted]);
    case 190:
      return found('degraded', evidence, [{ code: 'degraded', says: evidence }]);
    case 191:
      return found('degraded', evidence, [promoted, { code: 'degraded', says: evidence }]);
    case 4:
      return found(isProbe ? 'unknown' : 'failed', evidence);
    case 5:
      return found(isProbe ? 'out-of-service' : 'failed', evidence);
    case 2:
    case 3:
    case 6:
      return found('unknown', evidence);
    default:
      return found('failed', evidence);
  }
}
