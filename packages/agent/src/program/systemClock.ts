import type { Chance, Clock } from '@holdfast/engine';

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  sleep: (span, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      // Longer than this a timer would end at once.
      const timer = setTimeout(wake, Math.min(span, 2 ** 31 - 1));
      signal.addEventListener('abort', wake, { once: true });
    }),
};

export const systemChance: Chance = { fraction: () => Math.random() };
