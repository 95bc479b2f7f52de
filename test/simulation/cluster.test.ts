import { type ClusterSimulation, simulateCluster } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

const seeds = process.env.HOLDFAST_LONG === '1' ? 5_000 : 200;
const chunk = 50;

/** The seed first: it is all that is needed to see the story again. */
function tell({ seed, story }: ClusterSimulation): string {
  return [`seed ${seed}`, ...story].join('\n');
}

describe('the agents of two or three nodes, simulated', () => {
  const chunks = Array.from({ length: seeds / chunk }, (_, index) => 1 + index * chunk);
  test.each(chunks)(
    `break no invariant in ${chunk} seeds from %i on`,
    async (first) => {
      for (let seed = first; seed < first + chunk; seed += 1) {
        const run = await simulateCluster({ seed });
        if (run.violations.length > 0) throw new Error(tell(run));
      }
    },
    120_000,
  );

  test('tell the same story again for the same seed, to the byte', async () => {
    const [once, again] = [await simulateCluster({ seed: 7 }), await simulateCluster({ seed: 7 })];
    expect(again.story.join('\n')).toBe(once.story.join('\n'));
    expect(once.story.length).toBeGreaterThan(50);
  });
});
