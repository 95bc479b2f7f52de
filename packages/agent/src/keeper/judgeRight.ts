import type { BeatTimes, Millis } from '@holdfast/core';

/** What a node's right rests on, all on the boot clock, which counts suspend. */
export type Right = Readonly<{
  /** The sending time of the last committed beat, and L. */
  until: Millis;
  lastTickAt: Millis;
  /** Why it was lost. A right that is lost does not come back. */
  lost?: RightLost;
}>;

export type RightLost =
  | 'not-renewed'
  | 'ended-by-peer'
  | 'keeper-slept'
  /** The agent died or hung, and none that was started in its place completed a turn. */
  | 'agent-gone';

/** May this node act now? Asked before each step, and at each tick. */
export function judgeRight(
  right: Right,
  now: Millis,
  times: BeatTimes,
): { may: true } | { may: false; because: RightLost } {
  if (right.lost !== undefined) return { may: false, because: right.lost };
  if (now >= right.until) return { may: false, because: 'not-renewed' };
  // Whoever slept for a while cannot know what it missed, nor whether the next sleep ends in time.
  if (now - right.lastTickAt > times.margin) return { may: false, because: 'keeper-slept' };
  return { may: true };
}
