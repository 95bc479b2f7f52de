import { type CheckResult, done, failed, type KitCall, type Outcome, waitUntil } from '@holdfast/kit';
import { callAgent } from './callAgent.ts';
import { sayCode, todoFor } from './exitCodes.ts';
import { expectRunning } from './expectRunning.ts';
import { limitOf } from './limits.ts';
import { monitor } from './monitor.ts';
import type { OpenAgent } from './openAgent.ts';
import type { Settings } from './settings.ts';

const startShare = 0.9;

/** Starts it, and waits until its monitor says so too: some agents come back before what they started is up. */
export async function startAgent(
  call: KitCall<Settings>,
  agent: OpenAgent,
  withinMs: number,
): Promise<Outcome> {
  const endsAt = performance.now() + withinMs;
  const limitMs = Math.min(withinMs * startShare, limitOf('start', agent.metadata, call.settings));
  const limitEndsAt = performance.now() + limitMs;
  const started = await callAgent(call, {
    file: agent.file,
    action: 'start',
    parameters: agent.parameters,
    budgetMs: limitMs,
  });
  if (started.code !== 0) {
    return started.code === undefined
      ? failed(`start: ${started.says}`, 'look what it waits for; a longer startSeconds gives it more time')
      : failed(
          `start: ${sayCode(started.code)}${started.says === '' ? '' : `: ${started.says}`}`,
          todoFor(started.code),
        );
  }
  let last: CheckResult | undefined;
  const isUp = await waitUntil(
    async () => {
      const left = endsAt - performance.now();
      last = await monitor(call, agent, { withinMs: Math.max(500, left), isProbe: false });
      return last.finding === 'in-service' || last.finding === 'degraded' ? true : undefined;
    },
    // What start had left of its own time, and never less than a moment.
    { withinMs: Math.max(2_000, limitEndsAt - performance.now()), signal: call.signal },
  );
  if (isUp) {
    expectRunning(call.memory);
    return done(`started in ${Math.round(started.tookMs)} ms; ${last!.evidence}`);
  }
  return failed(
    `start said 0 (success), but ${last?.evidence ?? 'no monitor answered'}`,
    'look in the log of the service: it did not come up, or ended again at once',
  );
}
