import { expect, test } from '@jest/globals';
import { AgentCare, type AgentCareRules } from '../../src/keeper/agentCare.ts';

const rules: AgentCareRules = {
  ...{ askEvery: 1_000, hangsAfter: 5_000, startsWithin: 30_000, turnWithin: 35_000 },
  restarts: { most: 2, within: 600_000, afterwards: 'release' },
};

/** Ticks from a moment to another, and answers what was commanded at which, without the questions. */
function run(care: AgentCare, from: number, to: number): readonly string[] {
  const said: string[] = [];
  for (let now = from; now <= to; now += 100)
    for (const command of care.tick(now)) if (command !== 'ask') said.push(`${now} ${command}`);
  return said;
}

test('an agent that completes a turn when it is asked is left alone', () => {
  const care = new AgentCare(rules);
  care.came(0);
  const said: string[] = [];
  for (let now = 100; now <= 60_000; now += 100)
    for (const command of care.tick(now)) {
      said.push(command);
      if (command === 'ask') care.turned(now + 50);
    }
  expect([...new Set(said)]).toEqual(['ask']);
});

test('an agent that completed a turn and then none is ended once, and another is started when it is gone', () => {
  const care = new AgentCare(rules);
  care.came(0);
  care.turned(500);
  expect(run(care, 600, 8_000)).toEqual(['5600 kill']);
  care.gone(8_000);
  expect(run(care, 8_000, 9_000)).toEqual(['8200 start']);
});

test('an agent that was just started may look at everything before its first turn', () => {
  const care = new AgentCare(rules);
  care.came(0);
  care.turned(100);
  care.gone(1_000);
  run(care, 1_000, 2_000);
  care.came(2_000);
  expect(run(care, 2_100, 31_900)).toEqual([]);
});

test('after A without a completed turn by any agent the right is given up, and nothing more is tried', () => {
  const care = new AgentCare(rules);
  care.came(0);
  care.turned(1_000);
  care.gone(1_000);
  // Each one that is started in its place does not come.
  const said = run(care, 1_000, 120_000);
  expect(said).toEqual(['1200 start', '31200 start', '36100 give-up']);
});

test('when agents die too often the next one is to take everything down; when that one dies the right is given up', () => {
  const care = new AgentCare(rules);
  const said: string[] = [];
  for (let death = 1; death <= 4; death += 1) {
    care.came(death * 10_000);
    care.turned(death * 10_000 + 100);
    said.push(`${death} ${care.isToLeave ? 'is to leave' : 'stays'}`);
    care.gone(death * 10_000 + 500);
    said.push(...run(care, death * 10_000 + 600, death * 10_000 + 2_000).map((one) => one.split(' ')[1]!));
  }
  expect(said).toEqual([
    '1 stays',
    'start',
    '2 stays',
    'start',
    '3 stays',
    'start',
    '4 is to leave',
    'give-up',
  ]);
});

test('or the node goes down, where the settings say so', () => {
  const care = new AgentCare({ ...rules, restarts: { most: 0, within: 600_000, afterwards: 'nodeDown' } });
  care.came(0);
  care.gone(1_000);
  expect(run(care, 1_000, 2_000)).toEqual(['1200 node-down']);
});

test('deaths that are long ago do not count', () => {
  const care = new AgentCare(rules);
  for (let death = 1; death <= 6; death += 1) {
    care.came(death * 400_000);
    care.turned(death * 400_000);
    care.gone(death * 400_000 + 100);
    expect(run(care, death * 400_000 + 100, death * 400_000 + 1_000)).toHaveLength(1);
    expect(care.isToLeave).toBe(false);
  }
});

test('nobody is started in the place of an agent that left', () => {
  const care = new AgentCare(rules);
  care.came(0);
  care.left();
  care.gone(100);
  expect(run(care, 100, 200_000)).toEqual([]);
});
