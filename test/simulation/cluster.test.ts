import { type ClusterSimulation, plantedInCluster, simulateCluster } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';
import { plantedSeeds } from './plantedSeeds.ts';

const seeds = process.env.HOLDFAST_LONG === '1' ? 5_000 : 100;
const chunk = 50;
const searchedMax = 300;

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

  // A simulation that finds nothing proves something only if it finds what is there.
  // A change of the shipped code changes what a seed tells: then the next seeds are looked through as well.
  test.each(plantedSeeds)(
    'find the planted fault: %s',
    async (planted, known) => {
      const seeds = [known, ...Array.from({ length: searchedMax }, (_, index) => index + 1)];
      for (const seed of seeds) {
        const { violations } = await simulateCluster({ seed, planted });
        if (violations.length === 0) continue;
        expect((await simulateCluster({ seed })).violations).toEqual([]);
        return;
      }
      throw new Error(`not found in ${searchedMax} seeds`);
    },
    120_000,
  );

  test('know a seed for each fault that can be planted', () => {
    expect(plantedSeeds.map(([planted]) => planted)).toEqual([...plantedInCluster]);
  });
});
