import { VirtualTime } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';
import { graceMs, withinBudget } from '../src/index.ts';

function begin(
  time: VirtualTime,
  action: (signal: AbortSignal) => Promise<string>,
  outer = new AbortController().signal,
) {
  return withinBudget({ clock: time.clock(() => false), budgetMs: 1_000, outer }, action);
}

const toldToStop = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve('gave up'), { once: true }));

describe('an action within its budget', () => {
  test('that ends in time gives its value', async () => {
    const time = new VirtualTime();
    const timed = begin(time, async () => {
      await time.wait(400);
      return 'value';
    });
    await time.runUntil(5_000);
    expect(await timed).toEqual({ ended: 'in-time', value: 'value', tookMs: 400 });
  });

  test('is told when its budget is over, and what it says then is late', async () => {
    const time = new VirtualTime();
    const timed = begin(time, toldToStop);
    await time.runUntil(5_000);
    expect(await timed).toEqual({ ended: 'late', value: 'gave up', tookMs: 1_000 });
  });

  test('that does not listen is abandoned some grace later', async () => {
    const time = new VirtualTime();
    const timed = begin(time, () => new Promise(() => undefined));
    await time.runUntil(60_000);
    expect(await timed).toEqual({ ended: 'abandoned', tookMs: 1_000 + graceMs });
  });

  test('that throws gives its error', async () => {
    const time = new VirtualTime();
    const timed = begin(time, () => Promise.reject(new Error('oh')));
    await time.runUntil(1);
    expect(await timed).toMatchObject({ ended: 'threw', error: new Error('oh') });
  });

  test('is told at once when it is no longer wanted', async () => {
    const time = new VirtualTime();
    const outer = new AbortController();
    const timed = begin(time, toldToStop, outer.signal);
    await time.runUntil(10);
    outer.abort();
    await time.runUntil(11);
    expect(await timed).toMatchObject({ value: 'gave up', tookMs: 10 });
  });

  test('leaves no timer behind', async () => {
    const time = new VirtualTime();
    await begin(time, async () => 'value');
    await time.runUntil(1);
    expect(time.waiting).toBe(0);
  });
});
