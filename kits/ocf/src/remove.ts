import { failed, type KitCall, type Outcome } from '@holdfast/kit';
import { expectNothing } from './expectRunning.ts';
import { openAgent } from './openAgent.ts';
import type { Settings } from './settings.ts';
import { stopAgent } from './stopAgent.ts';

/** Stops it, also when it does not seem to run: a stop clears what a failure or a half-done start has left. */
export async function remove(call: KitCall<Settings>): Promise<Outcome> {
  const begunAt = performance.now();
  const agent = await openAgent(call);
  if ('missing' in agent) return failed(`${agent.missing}, so nobody knows how to stop it`, agent.todo);
  const outcome = await stopAgent(call, agent, call.budgetMs - (performance.now() - begunAt));
  if (outcome.result === 'done') expectNothing(call.memory);
  return outcome;
}
