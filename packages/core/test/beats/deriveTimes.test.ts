import { type BeatPreset, type BeatSettings, deriveTimes } from '@holdfast/core';
import { expect, test } from '@jest/globals';

const presets: readonly BeatPreset[] = ['fast', 'balanced', 'cautious'];

test('every preset fits, and the waits follow from its times', () => {
  const all = presets.map((preset) => {
    const times = deriveTimes({ preset });
    return times.ok ? times.value : times.problems;
  });
  expect(all).toEqual([
    {
      ...{
        right: 1_000,
        drop: 1_000,
        answer: 600,
        margin: 150,
        renewEvery: 200,
        tickEvery: 50,
        election: 200,
      },
      ...{ endAfter: 1_150, takeAfter: 1_750, watchdogTimeout: 2_000, failoverWithoutFence: 2_900 },
      ...{ hangsAfter: 5_000, turnWithin: 35_000 },
    },
    {
      ...{
        right: 3_000,
        drop: 3_000,
        answer: 2_000,
        margin: 300,
        renewEvery: 333,
        tickEvery: 100,
        election: 1_000,
      },
      ...{ endAfter: 3_300, takeAfter: 5_300, watchdogTimeout: 6_000, failoverWithoutFence: 8_600 },
      ...{ hangsAfter: 6_000, turnWithin: 36_000 },
    },
    {
      ...{ right: 10_000, drop: 10_000, answer: 4_000, margin: 1_000, renewEvery: 2_000, tickEvery: 333 },
      ...{ election: 1_000, endAfter: 11_000, takeAfter: 15_000, watchdogTimeout: 20_000 },
      failoverWithoutFence: 26_000,
      ...{ hangsAfter: 20_000, turnWithin: 50_000 },
    },
  ]);
});

test('balanced is taken where nothing is asked', () => {
  expect(deriveTimes()).toEqual(deriveTimes({ preset: 'balanced' }));
});

test.each<[string, BeatSettings, string]>([
  [
    'fast beats over an etcd with its own timers',
    { preset: 'fast', etcd: { heartbeat: 100, election: 1_000 } },
    'RIGHT_TOO_SHORT',
  ],
  ['renewals that are too seldom', { preset: 'fast', renewEvery: 250 }, 'RIGHT_TOO_SHORT'],
  ['an election shorter than five heartbeats', { etcd: { heartbeat: 300 } }, 'ELECTION_TOO_SHORT'],
  ['an answer time below two elections', { answer: 1_500 }, 'ANSWER_UNFIT'],
  ['an answer time above the right', { answer: 3_001 }, 'ANSWER_UNFIT'],
  ['a margin below what clocks do', { margin: 100 }, 'MARGIN_UNFIT'],
  ['a margin that eats the right', { margin: 800 }, 'MARGIN_UNFIT'],
  ['a drop shorter than the keeper may be late', { right: 3_600, drop: 400 }, 'DROP_TOO_SHORT'],
  ['a watchdog in parts of a second', { drop: 3_500 }, 'WATCHDOG_NOT_WHOLE_SECONDS'],
  ['a time of nothing', { right: 0 }, 'NOT_A_TIME'],
  ['half a millisecond', { renewEvery: 0.5 }, 'NOT_A_TIME'],
])('%s is refused', (_, settings, code) => {
  const times = deriveTimes(settings);
  expect(times.ok ? [] : times.problems.map((problem) => problem.code)).toContain(code);
});

test('every reason is told at once, each with what, why and what to do', () => {
  const times = deriveTimes({ right: 1_000, drop: 100, answer: 10, margin: 900 });
  const problems = times.ok ? [] : times.problems;
  expect(problems.map(({ code }) => code)).toEqual([
    'RIGHT_TOO_SHORT',
    'ANSWER_UNFIT',
    'MARGIN_UNFIT',
    'DROP_TOO_SHORT',
    'WATCHDOG_NOT_WHOLE_SECONDS',
  ]);
  expect(problems[0]).toMatchObject({
    path: 'beats.right',
    what: 'A right of 1s is too short: a healthy node would lose it while etcd elects a leader.',
    why: 'three renewals, each 1ms, and two election timeouts of 1s take 2003ms',
  });
});
