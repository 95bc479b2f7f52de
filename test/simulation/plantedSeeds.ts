import type { PlantedInCluster } from '@holdfast/testkit';

/** For each fault that can be planted in a cluster, a seed that finds it. */
export const plantedSeeds: readonly (readonly [PlantedInCluster, number])[] = [
  ['a takeover that does not end the session', 8],
  ['a takeover before the wait is over', 1],
  ['a claim taken without a look at it', 71],
  ['a claim cleaned on expiry', 5],
  ['a restore before its claim is written', 13],
  ['a session that begins without a look at the one before', 4],
  ['an ending without a look at the beat', 1],
  ['a deadline on the wall clock', 20],
  ['a clock that does not count suspend', 119],
  ['a right that lasts longer than the peers count', 59],
  ['a kick without a beat', 36],
  ['a guard that does nothing', 8],
  ['a drop that nobody looks at', 58],
  ['a remove that is believed', 4],
  ['needs read the wrong way round', 1],
  ['an intent of another node that is not heard', 5],
  ['a pause that is not heard', 2],
];
