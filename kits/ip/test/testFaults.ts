import type { Fault } from '@holdfast/lab';
import { afterAll, beforeAll, beforeEach, describe, test } from '@jest/globals';
import type { Bench } from './bench.ts';
import { faults } from './faults.ts';

/** Each of these faults as a test of its name. */
export function testFaults(chosen: (fault: Fault<Bench>) => boolean): void {
  describe('a fault of an address gets its response', () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await faults.open();
    }, 30_000);
    beforeEach(() => faults.reset(bench));
    afterAll(() => bench && faults.close(bench));

    for (const fault of faults.faults.filter(chosen)) {
      test(fault.name, async () => {
        await fault.run(bench);
      });
    }
  });
}
