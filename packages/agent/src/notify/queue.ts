import { severities } from '@holdfast/core';
import type { Message } from './message.ts';

/**
 * Puts a message at the end. When there is no room, the oldest of those that matter least is dropped, which may be
 * the new one.
 */
export function enqueue(
  queue: readonly Message[],
  message: Message,
  max: number,
): { queue: readonly Message[]; dropped: number } {
  const all = [...queue, message];
  if (all.length <= max) return { queue: all, dropped: 0 };
  const least = Math.min(...all.map(({ severity }) => severities.indexOf(severity)));
  const victim = all.findIndex(({ severity }) => severities.indexOf(severity) === least);
  return { queue: all.filter((_, index) => index !== victim), dropped: 1 };
}
