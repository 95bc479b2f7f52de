import { done, failed, type KitCall, type Outcome, waitUntil } from '@holdfast/kit';
import { cancelJob } from './cancelJob.ts';
import { findProcesses } from './findProcesses.ts';
import { judge, sayPids } from './judge.ts';
import { readUnit, type Unit } from './readUnit.ts';
import type { Settings } from './settings.ts';

const askMs = 5_000;
/** Of the budget, the unit's own way to stop has so much; the rest is for killing it through systemd. */
const stopShare = 0.7;

/** Stops the unit, kills it where it does not stop, and answers when it is inactive and nothing of it is left. */
export async function remove(call: KitCall<Settings>): Promise<Outcome> {
  const endsAt = performance.now() + call.budgetMs - 500;
  const { settings, run, signal } = call;
  const stopped = await run(['systemctl', 'stop', '--', settings.unit], {
    budgetMs: Math.max(500, call.budgetMs * stopShare),
    signal,
  });
  if (signal.aborted) {
    await cancelJob(call);
    return failed('stopped half-way', 'remove it again');
  }
  let isKilled = false;
  let unit: Unit | undefined;
  let says = stopped.says;
  const isOut = await waitUntil(
    async () => {
      const asked = await readUnit(call, Math.min(askMs, Math.max(200, endsAt - performance.now())));
      if ('unasked' in asked) {
        says = asked.unasked;
        return undefined;
      }
      unit = asked;
      if (asked.ActiveState === 'inactive' || asked.ActiveState === 'failed') return true;
      if (isKilled) return undefined;
      isKilled = true;
      await run(['systemctl', 'kill', '--signal=KILL', '--', settings.unit], { budgetMs: askMs, signal });
      return undefined;
    },
    { withinMs: Math.max(200, endsAt - performance.now()), signal },
  );
  if (unit === undefined) return failed(says, 'see whether systemd answers: systemctl status');
  if (!isOut) {
    return failed(
      `${judge(unit, []).evidence} after stop and kill`,
      `look what is left of it: systemctl status ${settings.unit}`,
    );
  }
  const left = await findProcesses(unit);
  if (left.length > 0) {
    return failed(
      `${settings.unit} is ${unit.ActiveState}, but with KillMode=${unit.KillMode} it left its processes ${sayPids(left)}`,
      `end them, and set KillMode=control-group: systemctl edit ${settings.unit}`,
    );
  }
  // A unit that had to be killed would show as failed, though it is just what was wanted.
  if (unit.ActiveState === 'failed')
    await run(['systemctl', 'reset-failed', '--', settings.unit], { budgetMs: askMs });
  return done(`${settings.unit} is inactive${isKilled ? ', after KILL' : ''}`);
}
