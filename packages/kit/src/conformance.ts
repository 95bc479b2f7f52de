import { fileURLToPath } from 'node:url';
import { conformanceRules, type Row } from './conformance/checkConformance.ts';
import type { WrittenWorld } from './conformance/world.ts';
import type { RunResult } from './run.ts';

export { checkConformance, conformanceRules, type Row } from './conformance/checkConformance.ts';
export { type World, type WrittenWorld, worldSchema } from './conformance/world.ts';

/** The parts of a test framework that are used; jest has them. A kit's package depends on none. */
type Framework = Readonly<{
  describe: (name: string, body: () => void) => void;
  beforeAll: (body: () => Promise<void>, timeoutMs?: number) => void;
  test: (name: string, body: () => void) => void;
  expect: (value: unknown) => { toEqual: (expected: unknown) => void };
}>;

export type ConformanceRequest = Readonly<{
  /** As `loadKit` takes it. */
  kit: string;
  /** Asked for when the tests begin: the node that it describes is made by then. */
  world: () => WrittenWorld;
  /** The node where the kit is tried. */
  host: () => Readonly<{
    run: (
      argv: readonly [string, ...string[]],
      options: { budgetMs: number; input: string },
    ) => Promise<RunResult>;
  }>;
  framework: Framework;
  budgetMs?: number;
}>;

const program = fileURLToPath(new URL('program/main.ts', import.meta.url));

/** Tries a kit once inside a node, and makes one test of each rule. */
export function kitConformance({
  kit,
  world,
  host,
  framework,
  budgetMs = 120_000,
}: ConformanceRequest): void {
  const { describe, beforeAll, test, expect } = framework;
  describe(`the kit ${kit} conforms`, () => {
    let rows: readonly Row[] = [];
    beforeAll(async () => {
      const argv = [
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        program,
        'test',
        kit,
        '--world',
        '-',
        '--json',
      ] as const;
      const tried = await host().run(argv, { budgetMs, input: JSON.stringify(world()) });
      if (tried.exitCode !== 0 && tried.exitCode !== 1) {
        throw new Error(`the kit could not be tried: ${tried.says}\n${tried.stderr}`);
      }
      rows = (JSON.parse(tried.stdout) as { rows: readonly Row[] }).rows;
    }, budgetMs + 5_000);

    for (const rule of conformanceRules) {
      test(rule, () => {
        const row = rows.find((one) => one.rule === rule);
        const wrong = row === undefined ? 'it was not tried' : row.outcome === 'failed' ? row.saw : undefined;
        // The whole row, so that a failure says what was seen and how to mend it.
        expect(wrong === undefined ? undefined : { rule, wrong, mend: row?.mend }).toEqual(undefined);
      });
    }
  });
}
