import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { checkParameters } from './checkParameters.ts';
import { expectRunning } from './expectRunning.ts';
import { makeTemporaryFolder } from './makeTemporaryFolder.ts';
import { monitor } from './monitor.ts';
import { openAgent } from './openAgent.ts';
import type { Settings } from './settings.ts';
import { startAgent } from './startAgent.ts';
import { stopAgent } from './stopAgent.ts';

/**
 * Starts it, unless it runs. What is broken or does not answer is stopped first: an agent's start expects to find it
 * running or stopped, and nothing that rests on it is in service now.
 */
export function restore(call: KitCall<Settings>): Promise<Outcome> {
  return bringUp(call, 'stop what is broken');
}

export async function bringUp(
  call: KitCall<Settings>,
  otherwise: 'stop what is broken' | 'leave what is broken',
): Promise<Outcome> {
  const endsAt = performance.now() + call.budgetMs;
  const left = (): number => endsAt - performance.now();
  const agent = await openAgent(call);
  if ('missing' in agent) return failed(agent.missing, agent.todo);
  const { wrong } = checkParameters(agent.metadata, call.settings.parameters);
  if (wrong.length > 0) return failed(wrong.join('; '), 'correct the parameters');
  const folder = await makeTemporaryFolder();
  if (folder !== undefined) return failed(folder.missing, folder.todo);

  const before = await monitor(call, agent, { withinMs: left() / 4, isProbe: true });
  if (call.signal.aborted) return failed('stopped half-way', 'restore it again');
  switch (before.finding) {
    case 'in-service':
    case 'degraded':
      expectRunning(call.memory);
      return done(`it ran already; ${before.evidence}`);
    case 'unknown':
      return failed(before.evidence, 'see what keeps the agent from telling: holdfast kit run ocf preflight');
    case 'failed':
    case 'timeout': {
      if (otherwise === 'leave what is broken')
        return failed(before.evidence, 'it has to be stopped first, after what rests on it');
      const stopped = await stopAgent(call, agent, left() / 2);
      if (stopped.result === 'failed') return stopped;
      break;
    }
    case 'out-of-service':
      break;
  }
  return startAgent(call, agent, left());
}
