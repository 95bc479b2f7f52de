import { setTimeout } from 'node:timers/promises';

/** Looks until it is so, or the time is over; answers whether it was seen. */
export async function waitFor(isSo: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (await isSo()) return true;
    if (performance.now() >= deadline) return false;
    await setTimeout(50);
  }
}
