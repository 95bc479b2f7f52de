import { type BeatTimes, deriveTimes } from '@holdfast/core';
import type { EtcdStoreSettings } from './storeSettings.ts';

/** The times of a cluster, as its settings choose them. Throws with every reason why they do not fit together. */
export function beatTimesOf({ preset, times: asked }: EtcdStoreSettings): BeatTimes {
  const chosen = Object.fromEntries(Object.entries(asked).filter(([, span]) => span !== undefined));
  const times = deriveTimes({ preset, ...chosen });
  if (times.ok) return times.value;
  const reasons = times.problems.map(({ what, why, todo }) => `${what} ${why}; ${todo}`);
  throw new Error(`the times of the cluster do not fit:\n${reasons.join('\n')}`);
}
