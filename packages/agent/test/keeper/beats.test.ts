import { deriveTimes } from '@holdfast/core';
import { expect, test } from '@jest/globals';
import { type Bug, bugs } from './bugs.ts';
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
const shownBy: Readonly<Record<Bug, number>> = {
  'a takeover that does not end the session': 14,
  'a takeover before the wait is over': 4,
  'a session that begins without a look at the one before': 1432,
  'a deadline on the wall clock': 0,
  'a clock that does not count suspend': 28,
  'a right that lasts longer than the peers count': 4,
  'a claim cleaned on expiry': 1,
  'an end that is remembered per node': 86,
  'a takeover without its own session': 766,
  'an ending without a look at the beat': 1,
  'a kick for every answer, however late': 467,
  'a session that begins while something of an earlier one runs': 31,
  'a restore while a release is under way': 364,
};

test.each(bugs)('the simulation finds %s', (bug) => {
  const told = new BeatSimulation(shownBy[bug], times, bug).run();
  const hint = told.violation ?? `not with seed ${shownBy[bug]}; ${firstSeedOf(bug)}`;
  expect(hint).toMatch(/runs on|may act after|which was over/);
});

function firstSeedOf(bug: Bug): string {
  if (process.env.HOLDFAST_LONG !== '1') return 'HOLDFAST_LONG=1 looks for another';
  for (let seed = 0; seed < 5_000; seed += 1)
    if (new BeatSimulation(seed, times, bug).run().violation !== undefined) return `seed ${seed} shows it`;
  return 'no seed below 5000 shows it';
}
