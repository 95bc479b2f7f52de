/** Faults that are put in on purpose, each of which the simulation has to find. They stand around the shipped code. */
export const plantedInCluster = [
  'a takeover that does not end the session',
  'a takeover before the wait is over',
  'a claim taken without a look at it',
  'a claim cleaned on expiry',
  'a restore before its claim is written',
  'a session that begins without a look at the one before',
  'an ending without a look at the beat',
  'a deadline on the wall clock',
  'a clock that does not count suspend',
  'a right that lasts longer than the peers count',
  'a kick without a beat',
  'a keeper that lets go of nothing',
  'a drop that nobody looks at',
  'a remove that is believed',
  'needs read the wrong way round',
  'an intent of another node that is not heard',
  'a pause that is not heard',
] as const;
export type PlantedInCluster = (typeof plantedInCluster)[number];
