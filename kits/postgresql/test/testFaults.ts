import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Bench, serverStart } from './bench.ts';
import { faults } from './faults.ts';

/** Makes a test of each fault, and after each one looks whether the bystander was left alone. */
export function testFaults(which: 'short' | 'long'): void {
  let bench: Bench;
  let bystander: string;
  beforeAll(async () => {
    bench = await faults.open();
    bystander = await probe(bench);
  }, 60_000);
  afterAll(async () => {
    if (bench !== undefined) await faults.close(bench);
  });

  test.each(faults.faults.filter(({ takesLong }) => (takesLong === true) === (which === 'long')))(
    '$name: $expected',
    async ({ run }) => {
      await faults.reset(bench);
      const { seen } = await run(bench);
      expect(seen).not.toBe('');
      expect(await probe(bench)).toBe(bystander);
    },
    60_000,
  );
}

function probe({ run }: Bench): Promise<string> {
  return run('psql', '-XAtw', '-h', '/run/postgresql', '-U', 'postgres', '-p', '5433', '-c', serverStart);
}
