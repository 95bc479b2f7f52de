import { type KitCall, waitUntil } from '@holdfast/kit';
import { findSource, type Source } from './findSource.ts';
import type { Settings } from './settings.ts';

/** Left of the budget for the rest. */
const partOfBudget = 0.5;

/** A disk may come a moment later than its node: lets udev finish, then looks until the time that was set is over. */
export async function waitForSource(
  call: KitCall<Settings>,
  seen: Source | string,
): Promise<Source | string> {
  const withinMs = Math.min(call.settings.deviceWaitMs, call.budgetMs * partOfBudget);
  if (typeof seen !== 'string' || withinMs === 0) return seen;
  const begunAt = performance.now();
  // Where there is no udev there is nothing to wait for but the device itself.
  await call.run(['udevadm', 'settle', `--timeout=${Math.ceil(withinMs / 1_000)}`], {
    budgetMs: withinMs,
    signal: call.signal,
  });
  let last: Source | string = seen;
  const found = await waitUntil(
    async () => {
      last = await findSource(call);
      return typeof last === 'string' ? undefined : last;
    },
    { withinMs: withinMs - (performance.now() - begunAt), signal: call.signal },
  );
  return found ?? `${last}, also after ${withinMs} ms`;
}
