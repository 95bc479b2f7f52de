import { deriveTimes } from '@holdfast/core';
import { expect, test } from '@jest/globals';
import { type Bug, bugs, fenceBugs } from './bugs.ts';
import { BeatSimulation } from './simulateBeats.ts';

const derived = deriveTimes({ preset: 'fast' });
if (!derived.ok) throw new Error(derived.problems.map(({ what }) => what).join('\n'));
const times = derived.value;
const seeds = process.env.HOLDFAST_LONG === '1' ? 3_000 : 80;

test(`in ${seeds} simulated clusters nothing runs twice, nobody acts without a right, and in the end all is in service`, () => {
  let takeovers = 0;
  for (let seed = 0; seed < seeds; seed += 1) {
    const told = new BeatSimulation(seed, times).run();
    expect({ seed, ...told, story: told.violation === undefined ? [] : told.story }).toEqual({
      seed,
      violation: undefined,
      takeovers: told.takeovers,
      fences: 0,
      story: [],
    });
    takeovers += told.takeovers;
  }
  // A cluster in which nothing moved would prove nothing.
  expect(takeovers).toBeGreaterThan(2 * seeds);
}, 300_000);

test('one seed is one story', () => {
  expect(new BeatSimulation(7, times).run()).toEqual(new BeatSimulation(7, times).run());
});

/** The first seed that shows each. After a change of the simulation the search below, with HOLDFAST_LONG, names another. */
const shownBy: Readonly<Record<(typeof bugs)[number], number>> = {
  'a takeover that does not end the session': 1,
  'a takeover before the wait is over': 4,
  'a session that begins without a look at the one before': 367,
  'a deadline on the wall clock': 9,
  'a clock that does not count suspend': 0,
  'a right that lasts longer than the peers count': 1,
  'a claim cleaned on expiry': 9,
  'an end that is remembered per node': 142,
  'a takeover without its own session': 16270,
  'an ending without a look at the beat': 1,
  'a kick for every answer, however late': 633,
  'a session that begins while something of an earlier one runs': 29,
  'a restore while a release is under way': 79,
  'an agent that does not settle what the one before it had sent': 160,
  'a kick while something runs without a right': 9,
};

test.each(bugs)('the simulation finds %s', (bug) => {
  const told = new BeatSimulation(shownBy[bug], times, bug).run();
  const hint = told.violation ?? `not with seed ${shownBy[bug]}; ${firstSeedOf(bug)}`;
  expect(hint).toMatch(/runs on|may act after|which was over/);
});

test(`in ${seeds} simulated clusters with fences nobody is fenced twice for one cause, or while its session lives`, () => {
  let fences = 0;
  for (let seed = 0; seed < seeds; seed += 1) {
    const told = new BeatSimulation(seed, times, undefined, true).run();
    fences += told.fences;
    if (told.violation !== undefined) throw new Error([seed, told.violation, ...told.story].join('\n'));
  }
  expect(fences).toBeGreaterThan(seeds / 2);
}, 600_000);

const fenceBugShownBy: Readonly<Record<(typeof fenceBugs)[number], number>> = {
  'a restore before the fence is confirmed': 3,
  'a fence without a quorum': 0,
  'a fence twice for one cause': 2,
  'a request for an old boot that is not void': 8,
  'a fence that is forgotten with the session that asked for it': 581,
  'a joining in a boot that was fenced': 9,
};

test.each(fenceBugs)('the simulation finds %s', (bug) => {
  const seed = fenceBugShownBy[bug];
  const told = new BeatSimulation(seed, times, bug, true).run();
  const hint = told.violation ?? `not with seed ${seed}; ${firstSeedOf(bug, true)}`;
  expect(hint).toMatch(/runs on|was fenced|that was fenced/);
});

function firstSeedOf(bug: Bug, hasFences = false): string {
  if (process.env.HOLDFAST_LONG !== '1') return 'HOLDFAST_LONG=1 looks for another';
  for (let seed = 0; seed < 20_000; seed += 1)
    if (new BeatSimulation(seed, times, bug, hasFences).run().violation !== undefined)
      return `seed ${seed} shows it`;
  return 'no seed below 20000 shows it';
}
