import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tellScenario } from './tellScenario.ts';

const here = import.meta.dirname;
const isWriting = process.env.HOLDFAST_GOLDEN === 'write';
const scenarios = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test.each(scenarios)('%s', (name) => {
  const expected = join(here, name, 'plan.txt');
  const told = tellScenario(readFileSync(join(here, name, 'given.yaml'), 'utf8'));
  if (isWriting) writeFileSync(expected, told);
  expect(existsSync(expected) ? readFileSync(expected, 'utf8') : 'no plan.txt yet').toBe(told);
});

test('there are scenarios to tell', () => {
  expect(scenarios.length).toBeGreaterThan(10);
});
