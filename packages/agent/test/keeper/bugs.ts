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
  'an agent that does not settle what the one before it had sent',
  'a kick while something runs without a right',
] as const;

/** The same in what is asked of fences; looked for in clusters that have them. */
export const fenceBugs = [
  'a restore before the fence is confirmed',
  'a fence without a quorum',
  'a fence twice for one cause',
  'a request for an old boot that is not void',
  'a fence that is forgotten with the session that asked for it',
  'a joining in a boot that was fenced',
] as const;
export type Bug = (typeof bugs)[number] | (typeof fenceBugs)[number];
