import { done, failed, type KitCall, type Outcome, waitUntil } from '@holdfast/kit';
import { cancelJob } from './cancelJob.ts';
import { findObstacles } from './findObstacles.ts';
import { findProcesses } from './findProcesses.ts';
import { judge } from './judge.ts';
import { lastWords } from './lastWords.ts';
import { readUnit, type Unit } from './readUnit.ts';
import type { Settings } from './settings.ts';

const askMs = 5_000;
/** A unit of Type=simple is active before its program has begun: what ends at once is seen a moment later. */
const settleMs = 200;

/** Starts the unit, with the units that it requires, and waits until systemd has done so. */
export async function restore(call: KitCall<Settings>): Promise<Outcome> {
  const endsAt = performance.now() + call.budgetMs;
  const { settings, run, signal } = call;
  const before = await readUnit(call, askMs);
  if ('unasked' in before) return failed(before.unasked, 'see whether systemd answers: systemctl status');
  const sight = judge(before, await findProcesses(before));
  if (sight.finding === 'in-service') return done(`it ran already: ${sight.evidence}`);
  const obstacles = findObstacles(before);
  if (obstacles.length > 0)
    return failed(obstacles.map(({ says }) => says).join('; '), obstacles.map(({ todo }) => todo).join('; '));
  await clear(call, before);

  const withinMs = endsAt - performance.now() - 2 * askMs;
  const startedAt = Date.now();
  const started = await run(['systemctl', 'start', '--', settings.unit], {
    budgetMs: Math.max(1_000, withinMs),
    signal,
  });
  if (started.ending === 'budget' || started.ending === 'aborted') {
    await cancelJob(call);
    return failed(
      `${settings.unit} did not start in time: ${started.says}`,
      'look what it waits for: systemctl list-jobs',
    );
  }
  await waitUntil(() => undefined, { withinMs: settleMs, signal });
  const after = await readUnit({ ...call, signal: AbortSignal.timeout(askMs) }, askMs);
  if ('unasked' in after) return failed(after.unasked, 'see whether systemd answers: systemctl status');
  const result = judge(after, await findProcesses(after));
  if (result.finding === 'in-service')
    return done(`started in ${Math.round(started.tookMs)} ms: ${result.evidence}`);
  return failed(
    `${result.evidence}${started.ok ? '' : `; ${started.says}`}${await lastWords(call, after, startedAt)}`,
    `look at it: systemctl status ${settings.unit}; journalctl -u ${settings.unit}`,
  );
}

/**
 * What systemd counted of earlier attempts is not ours: the engine counts. And a start that finds the unit waiting for
 * its restart would wait as long; a stop ends that wait at once.
 */
async function clear({ run, signal, settings }: KitCall<Settings>, before: Unit): Promise<void> {
  const isWaiting = before.SubState.startsWith('auto-restart');
  if (isWaiting) await run(['systemctl', 'stop', '--', settings.unit], { budgetMs: askMs, signal });
  if (isWaiting || before.ActiveState === 'failed')
    await run(['systemctl', 'reset-failed', '--', settings.unit], { budgetMs: askMs, signal });
}
