import type { PlantedInCluster } from '@holdfast/testkit';

/** For each fault that can be planted in a cluster, a seed that finds it. */
export const plantedSeeds: readonly (readonly [PlantedInCluster, number])[] = [
  ['a takeover that does not end the session', 1],
  ['a takeover before the wait is over', 1],
  ['a claim taken without a look at it', 96],
  ['a claim cleaned on expiry', 33],
  ['a restore before its claim is written', 2],
  ['a session that begins without a look at the one before', 10],
  ['an ending without a look at the beat', 35],
  ['a deadline on the wall clock', 104],
  ['a clock that does not count suspend', 20],
  ['a right that lasts longer than the peers count', 94],
  ['a kick without a beat', 37],
  ['a keeper that lets go of nothing', 94],
  ['a drop that nobody looks at', 191],
  ['a remove that is believed', 17],
  ['needs read the wrong way round', 1],
  ['an intent of another node that is not heard', 8],
  ['a pause that is not heard', 25],
];
