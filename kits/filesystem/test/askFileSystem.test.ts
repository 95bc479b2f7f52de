import { expect, test } from '@jest/globals';
import { askFileSystem } from '../src/askFileSystem.ts';

const { signal } = new AbortController();

test('a file system that never answers is a timeout within the time, and is asked once only', async () => {
  let questions = 0;
  let answer = (): void => undefined;
  const dead = (): Promise<void> => {
    questions += 1;
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  const begunAt = performance.now();
  expect((await askFileSystem('/dead', { withinMs: 50, signal }, dead)).finding).toBe('timeout');
  expect(performance.now() - begunAt).toBeLessThan(1_000);
  expect((await askFileSystem('/dead', { withinMs: 50, signal }, dead)).finding).toBe('timeout');
  expect(questions).toBe(1);
  answer();
  await new Promise(setImmediate);
  expect((await askFileSystem('/dead', { withinMs: 500, signal }, async () => undefined)).finding).toBe(
    'in-service',
  );
});

test('an error of the file system is a failure', async () => {
  const broken = (): Promise<never> => Promise.reject(new Error('EIO: i/o error'));
  expect(await askFileSystem('/broken', { withinMs: 500, signal }, broken)).toEqual({
    finding: 'failed',
    says: 'EIO: i/o error',
  });
});
