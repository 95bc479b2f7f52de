import { type CheckResult, done, failed, type KitCall, type Outcome, waitUntil } from '@holdfast/kit';
import { callAgent } from './callAgent.ts';
import { sayCode, todoFor } from './exitCodes.ts';
import { limitOf } from './limits.ts';
import { monitor } from './monitor.ts';
import type { OpenAgent } from './openAgent.ts';
import type { Settings } from './settings.ts';

/** Of the time for all of it, stop may take so much; the rest is for seeing whether it told the truth. */
const stopShare = 0.8;
const leastMs = 2_000;

/**
 * Stops it, and looks whether it has stopped: some agents say 0 while it runs. A stop that fails is a failure also
 * where nothing seems to run: the agent knows of more than its monitor tells.
 */
export async function stopAgent(
  call: KitCall<Settings>,
  agent: OpenAgent,
  withinMs: number,
): Promise<Outcome> {
  const limitMs = Math.min(withinMs * stopShare, limitOf('stop', agent.metadata, call.settings));
  // What comes to its end after stop has answered gets what stop had left of its time, and never less than a moment.
  const endsAt = performance.now() + Math.min(withinMs, Math.max(limitMs, leastMs));
  const stopped = await callAgent(call, {
    file: agent.file,
    action: 'stop',
    parameters: agent.parameters,
    budgetMs: limitMs,
  });
  if (call.signal.aborted) return failed('stopped half-way', 'remove it again');
  const said =
    stopped.code === undefined
      ? `stop: ${stopped.says}`
      : `stop: ${sayCode(stopped.code)}${stopped.says === '' ? '' : `: ${stopped.says}`}`;
  // Where nothing of it is installed there is nothing to stop with; then only the probe can tell.
  const isBelievable = stopped.code === 0 || stopped.code === 5 || stopped.code === 7;
  if (!isBelievable) {
    return failed(said, stopped.code === undefined ? 'look what it waits for' : todoFor(stopped.code));
  }
  let last: CheckResult | undefined;
  const isOut = await waitUntil(
    async () => {
      const left = endsAt - performance.now();
      last = await monitor(call, agent, { withinMs: Math.max(500, left), isProbe: true });
      return last.finding === 'out-of-service' ? true : undefined;
    },
    { withinMs: endsAt - performance.now(), signal: call.signal },
  );
  if (isOut) return done(`${said}; ${last!.evidence}`);
  return failed(
    `${said}; but ${last?.evidence ?? 'no monitor answered'}`,
    'the agent says that it stopped what is still there: end it by hand, then remove it again',
  );
}
