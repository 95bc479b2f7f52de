import type { PlantedInCluster } from '@holdfast/testkit';

/** For each fault that can be planted in a cluster, a seed that finds it. */
export const plantedSeeds: readonly (readonly [PlantedInCluster, number])[] = [
  ['a takeover that does not end the session', 10],
  ['a takeover before the wait is over', 1],
  ['a claim taken without a look at it', 34],
  ['a claim cleaned on expiry', 4],
  ['a restore before its claim is written', 2],
  ['a session that begins without a look at the one before', 4],
  ['an ending without a look at the beat', 1],
  ['a deadline on the wall clock', 18],
  ['a clock that does not count suspend', 49],
  ['a right that lasts longer than the peers count', 104],
  ['a kick without a beat', 36],
  ['a keeper that lets go of nothing', 71],
  ['a drop that nobody looks at', 86],
  ['a remove that is believed', 41],
  ['needs read the wrong way round', 1],
  ['an intent of another node that is not heard', 13],
  ['a pause that is not heard', 56],
];
