import { type Simulation, simulate } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

const seeds = process.env.HOLDFAST_LONG === '1' ? 5_000 : 500;
const chunk = 50;

/** The seed first: it is all that is needed to see the story again. */
function tell({ seed, violations, story }: Simulation): string {
  return [`seed ${seed}`, ...violations, ...story].join('\n');
}

describe('the agent of one node, simulated', () => {
  const chunks = Array.from({ length: seeds / chunk }, (_, index) => 1 + index * chunk);
  test.each(chunks)(
    `breaks no invariant in ${chunk} seeds from %i on`,
    async (first) => {
      for (let seed = first; seed < first + chunk; seed += 1) {
        const run = await simulate({ seed });
        if (run.violations.length > 0) throw new Error(tell(run));
      }
    },
    120_000,
  );

  test('tells the same story again for the same seed', async () => {
    const [once, again] = [await simulate({ seed: 7 }), await simulate({ seed: 7 })];
    expect(again.story).toEqual(once.story);
    expect(once.story.length).toBeGreaterThan(50);
  });

  // A simulation that finds nothing proves something only if it finds what is there.
  test.each(['needs-forgotten', 'intents-lost', 'remove-believed'] as const)(
    'finds the planted fault %s',
    async (planted) => {
      for (let seed = 1; seed <= 200; seed += 1) {
        const run = await simulate({ seed, planted });
        if (run.violations.length === 0) continue;
        expect((await simulate({ seed, planted })).violations).toEqual(run.violations);
        return;
      }
      throw new Error('not found in 200 seeds');
    },
    120_000,
  );
});
