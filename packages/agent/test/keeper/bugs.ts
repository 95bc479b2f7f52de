/** Faults that are put into the rules, each of which the simulation has to find. */
export const bugs = [
  'a takeover that does not end the session',
  'a takeover before the wait is over',
  'a session that begins without a look at the one before',
  'a deadline on the wall clock',
  'a clock that does not count suspend',
  'a right that lasts longer than the peers count',
  'a claim cleaned on expiry',
  'an end that is remembered per node',
  'a takeover without its own session',
  'an ending without a look at the beat',
  'a kick for every answer, however late',
  'a session that begins while something of an earlier one runs',
  'a restore while a release is under way',
] as const;
export type Bug = (typeof bugs)[number];
