import { expect, test } from '@jest/globals';
import { DeathLimit } from '../src/program/kits/deathLimit.ts';

const limits = { deathsMax: 3, periodMs: 100, pauseMs: 100, pauseMaxMs: 300 };

test('deaths that are far apart leave a kit as it is', () => {
  const deaths = new DeathLimit(limits);
  for (const at of [0, 101, 202, 303, 404]) deaths.died(at, 'it spun');
  expect(deaths.whyBroken(405)).toBeUndefined();
});

test('deaths that are close together have it left alone, with the reason, and tried again after a while', () => {
  const deaths = new DeathLimit(limits);
  for (const at of [0, 10, 20]) deaths.died(at, 'it spun');
  expect(deaths.whyBroken(21)).toBe(
    'its thread died 3 times within 100ms, the last time because it spun; it is left alone for 100ms',
  );
  expect(deaths.whyBroken(120)).toBeUndefined();
});

test('one more death after that is enough, and each pause is longer, up to a bound', () => {
  const deaths = new DeathLimit(limits);
  for (const at of [0, 10, 20]) deaths.died(at, 'it spun');
  deaths.died(130, 'it spun');
  expect(deaths.whyBroken(329)).toContain('for 200ms');
  expect(deaths.whyBroken(330)).toBeUndefined();
  deaths.died(340, 'it spun');
  expect(deaths.whyBroken(639)).toContain('for 300ms');
  deaths.died(645, 'it spun');
  expect(deaths.whyBroken(944)).toContain('for 300ms');
});

test('a kit that was quiet for a whole period begins anew', () => {
  const deaths = new DeathLimit(limits);
  for (const at of [0, 10, 20]) deaths.died(at, 'it spun');
  deaths.died(300, 'it spun');
  expect(deaths.whyBroken(301)).toBeUndefined();
});
