import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import type { Settings } from './settings.ts';
import { stopInstance } from './stopInstance.ts';

/** Kept for the last look. */
const keptMs = 500;

/** Stops the instance in order, and harder as the budget runs out. Done only when no process of it is left. */
export async function remove(call: KitCall<Settings>): Promise<Outcome> {
  const stopped = await stopInstance(call, { manner: 'orderly', withinMs: call.budgetMs - keptMs });
  if (!stopped.isGone) return failed(stopped.says, stopped.todo);
  return done(stopped.says === '' ? `no Postfix of ${call.settings.configDirectory} runs` : stopped.says);
}
