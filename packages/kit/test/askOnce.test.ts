import { expect, test } from '@jest/globals';
import { askOnce } from '../src/index.ts';

const { signal } = new AbortController();

test('what never answers is given up in time, and is asked once only however many ask', async () => {
  let questions = 0;
  let answer = (_: string): void => undefined;
  const dead = (): Promise<string> => {
    questions += 1;
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  const begunAt = performance.now();
  const first = await askOnce('dead', dead, { withinMs: 50, signal });
  const second = await askOnce('dead', dead, { withinMs: 50, signal });
  expect([first, second]).toEqual([undefined, undefined]);
  expect(performance.now() - begunAt).toBeLessThan(1_000);
  expect(questions).toBe(1);
  const third = askOnce('dead', dead, { withinMs: 5_000, signal });
  answer('at last');
  expect(await third).toBe('at last');
  expect(await askOnce('dead', async () => 'anew', { withinMs: 5_000, signal })).toBe('anew');
});

test('an error is an answer, for all who wait', async () => {
  const broken = (): Promise<never> => Promise.reject(new Error('EIO'));
  const both = [1, 2].map(() => askOnce('broken', broken, { withinMs: 5_000, signal }));
  await expect(both[0]).rejects.toThrow('EIO');
  await expect(both[1]).rejects.toThrow('EIO');
});

test('an abort ends the wait', async () => {
  const controller = new AbortController();
  const waiting = askOnce('stopped', () => new Promise(() => undefined), {
    withinMs: 60_000,
    signal: controller.signal,
  });
  controller.abort();
  expect(await waiting).toBeUndefined();
});
