import { type CheckResult, found, type KitCall } from '@holdfast/kit';
import { callScript } from './callScript.ts';
import { type Mark, readMark } from './marker.ts';
import type { Settings } from './settings.ts';

/** What a shell says when it is the script that is wrong. */
const brokenScript = [126, 127];

/** Asks the script where there is one. What is not well was restored here, or is out of service. */
export async function quickCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const mark = await readMark(call.settings);
  if (call.settings.quickCheck === undefined) return withoutScript(mark);
  const called = await callScript(call, 'quickCheck');
  if (!called.ran) return found('unknown', called.evidence);
  const { end, evidence } = called;
  const { conditions } = end.said;
  if (end.exitCode === 0) return found('in-service', evidence, conditions);
  if (end.ending === 'budget') return found('timeout', evidence, conditions);
  if (end.exitCode === undefined || brokenScript.includes(end.exitCode))
    return found('unknown', evidence, conditions);
  return mark === undefined
    ? found('out-of-service', `not restored on this node; ${evidence}`, conditions)
    : found('failed', evidence, conditions);
}

/** Taken for healthy, as nobody can tell. */
function withoutScript(mark: Mark): CheckResult {
  switch (mark) {
    case 'restored':
      return found('in-service', 'it was restored here; there is no quickCheck that could tell more');
    case 'restoring':
      return found(
        'failed',
        'restore did not come to a good end; there is no quickCheck that could tell more',
      );
    case undefined:
      return found('out-of-service', 'it was not restored here since this node booted');
  }
}
