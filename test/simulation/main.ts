import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { simulateCluster } from '@holdfast/testkit';

/*
 * npm run simulate -- --seeds N [--from S] [--workers W]   many stories; the first ones that break something are told
 * npm run simulate -- --seed S                             one story, line by line
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    seed: { type: 'string' },
  },
});
const toldMax = 5;

process.exitCode = values.seed === undefined ? await many() : await one(Number(values.seed));

async function one(seed: number): Promise<number> {
  const { story, violations } = await simulateCluster({ seed });
  print(...story);
  return violations.length === 0 ? 0 : 1;
}

async function many(): Promise<number> {
  const [from, seeds, workers] = [values.from, values.seeds, values.workers].map(Number) as [
    number,
    number,
    number,
  ];
  const begunAt = performance.now();
  const broken: number[] = [];
  let simulatedMs = 0;
  let done = 0;
  const run = (offset: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('seedWorker.ts', import.meta.url), {
        workerData: { from: from + offset, to: from + seeds, step: workers },
      });
      worker.on('message', (ended: { seed: number; simulatedMs: number; violations: string[] }) => {
        simulatedMs += ended.simulatedMs;
        done += 1;
        if (ended.violations.length === 0) return;
        broken.push(ended.seed);
        if (broken.length <= toldMax) print(`seed ${ended.seed}: ${ended.violations.join('; ')}`);
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
  await Promise.all(Array.from({ length: workers }, (_, offset) => run(offset)));
  const seconds = (performance.now() - begunAt) / 1000;
  print(
    `${done} seeds, ${broken.length} with a violation`,
    `${seconds.toFixed(1)} s on ${workers} threads: ${(done / seconds).toFixed(1)} seeds and ${(simulatedMs / 3_600_000 / seconds).toFixed(2)} simulated hours in a second`,
  );
  if (broken.length > 0) {
    const first = broken.sort((a, b) => a - b)[0]!;
    print(`the first of them, to be had again with: npm run simulate -- --seed ${first}`);
    print(...(await simulateCluster({ seed: first })).story);
  }
  return broken.length === 0 ? 0 : 1;
}

function print(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
