import type { Millis } from '@holdfast/core';
import type { Clock } from './ports.ts';

/** How long after the end of its budget an action may take to give up, before it is left alone. */
export const graceMs: Millis = 2_000;

export type Timed<Value> =
  | Readonly<{ ended: 'in-time'; value: Value; tookMs: Millis }>
  /** The budget was over, the action was told, and gave up within the grace: what it said last. */
  | Readonly<{ ended: 'late'; value: Value; tookMs: Millis }>
  /** It did not end when it was told. Whatever it still does is nobody's any more. */
  | Readonly<{ ended: 'abandoned'; tookMs: Millis }>
  | Readonly<{ ended: 'threw'; error: unknown; tookMs: Millis }>;

/**
 * Gives an action its budget. At the end of it, or when `outer` aborts, the action's own signal aborts; when it has
 * not ended some grace later, it is abandoned, so that a kit that hangs never hangs the engine.
 */
export async function withinBudget<Value>(
  given: { clock: Clock; budgetMs: Millis; outer: AbortSignal },
  action: (signal: AbortSignal) => Promise<Value>,
): Promise<Timed<Value>> {
  const { clock, budgetMs, outer } = given;
  const begunAt = clock.now();
  const told = new AbortController();
  const over = new AbortController();
  const tell = (): void => told.abort('told to stop');
  outer.addEventListener('abort', tell, { once: true });
  if (outer.aborted) tell();

  const acting = (async (): Promise<Timed<Value>> => {
    try {
      const value = await action(told.signal);
      const tookMs = clock.now() - begunAt;
      return { ended: tookMs >= budgetMs ? 'late' : 'in-time', value, tookMs };
    } catch (error) {
      return { ended: 'threw', error, tookMs: clock.now() - begunAt };
    }
  })();
  const guarding = (async (): Promise<Timed<Value>> => {
    await clock.sleep(budgetMs, AbortSignal.any([over.signal, told.signal]));
    tell();
    await clock.sleep(graceMs, over.signal);
    return { ended: 'abandoned', tookMs: clock.now() - begunAt };
  })();
  try {
    return await Promise.race([acting, guarding]);
  } finally {
    over.abort('over');
    outer.removeEventListener('abort', tell);
  }
}
