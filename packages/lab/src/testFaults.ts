import type { Fault, FaultSuite } from './fault.ts';

/** The parts of a test framework that are used; jest has them. The lab depends on none. */
type Framework = Readonly<{
  beforeAll: (body: () => Promise<void>, timeoutMs?: number) => void;
  afterAll: (body: () => Promise<void>, timeoutMs?: number) => void;
  test: (name: string, body: () => Promise<void>, timeoutMs?: number) => void;
  expect: (value: unknown) => { toBe: (expected: unknown) => void };
}>;

/**
 * Makes a test of each fault that takes as long as is asked for, and after each one looks whether the bystander was
 * left alone, where the suite has one.
 */
export function testFaults<Bench>(
  suite: FaultSuite<Bench>,
  which: 'short' | 'long',
  { beforeAll, afterAll, test, expect }: Framework,
): void {
  const probe = async (bench: Bench): Promise<string | undefined> => suite.bystander?.(bench);
  let opened: Readonly<{ bench: Bench; bystander: string | undefined }> | undefined;
  beforeAll(async () => {
    const bench = await suite.open();
    opened = { bench, bystander: await probe(bench) };
  }, 60_000);
  afterAll(async () => {
    if (opened !== undefined) await suite.close(opened.bench);
  }, 60_000);

  const testOne = ({ name, expected, run }: Fault<Bench>): void =>
    test(`${name}: ${expected}`, async () => {
      const { bench, bystander } = opened!;
      await suite.reset(bench);
      const { seen } = await run(bench);
      expect(seen === '' ? 'it says nothing of what was seen' : 'seen').toBe('seen');
      expect(await probe(bench)).toBe(bystander);
    }, 120_000);
  for (const fault of suite.faults) {
    if ((fault.takesLong === true) === (which === 'long')) testOne(fault);
  }
}
