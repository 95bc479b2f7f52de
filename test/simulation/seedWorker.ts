import { parentPort, workerData } from 'node:worker_threads';
import { simulateCluster } from '@holdfast/testkit';

/** Runs every so-manieth seed, and tells how each went. */
const { from, to, step } = workerData as { from: number; to: number; step: number };
for (let seed = from; seed < to; seed += step) {
  const { violations, simulatedMs } = await simulateCluster({ seed });
  parentPort!.postMessage({ seed, simulatedMs, violations });
}
