import type { PlantedInCluster } from '@holdfast/testkit';

/** For each fault that can be planted in a cluster, a seed that finds it. */
export const plantedSeeds: readonly (readonly [PlantedInCluster, number])[] = [
  ['a takeover that does not end the session', 1],
];
