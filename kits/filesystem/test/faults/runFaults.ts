import { afterAll, beforeAll, beforeEach, test } from '@jest/globals';
import { faults } from '../faults.ts';
import type { Bench } from './bench.ts';

/** Makes a test of each fault that takes as long as is asked for. */
export function runFaults(which: 'short' | 'long'): void {
  let bench: Bench;
  beforeAll(async () => {
    bench = await faults.open();
  }, 60_000);
  afterAll(async () => {
    if (bench !== undefined) await faults.close(bench);
  }, 60_000);
  beforeEach(() => faults.reset(bench), 30_000);

  for (const fault of faults.faults) {
    if ((fault.takesLong === true) !== (which === 'long')) continue;
    test(`${fault.name}: ${fault.expected}`, () => fault.run(bench).then(() => undefined), 120_000);
  }
}
