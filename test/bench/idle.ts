import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@holdfast/client';
import { start } from '@holdfast/kit';
import { type Benchmark, type Figure, figureOf } from './measure.ts';
import { idleBesidePacemaker } from './peers/idleBesidePacemaker.ts';
import { usageOf } from './usageOf.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const measuredMs = 30_000;

/**
 * What the agent costs while nothing happens: processor and memory with 3, 50 and 200 resources in service, each
 * checked in process every 10 s. Aim: under 1 % of a core and 150 MB with 200. Then the same address, ext4 and
 * PostgreSQL beside Pacemaker: the processor of everything in the node, with the programs that the checks start.
 */
export const idle: Benchmark = {
  name: 'idle',
  peers: ['pacemaker'],
  measures: `share of a core, memory and wake-ups over ${measuredMs / 1000} s, of an agent whose resources are all in service`,
  async *run() {
    // Each is counted by its own process, and at rest none is in the way of another.
    yield* (await Promise.all([3, 50, 200].map(measure))).flat();
    yield* idleBesidePacemaker(measuredMs);
  },
};

async function measure(count: number): Promise<Figure[]> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-idle-'));
  try {
    await mkdir(join(root, 'etc/holdfast'), { recursive: true });
    // In the agent's thread, as our own kits: what is measured is the agent.
    const settings = {
      node: 'alpha',
      kits: [{ kit: join(repository, 'test/bench/kits/quiet'), trusted: true }],
    };
    await writeFile(join(root, 'etc/holdfast/agent.yaml'), JSON.stringify(settings));
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    const agent = start([join(repository, 'packages/cli/bin/holdfast'), 'agent'], {
      env: { HOLDFAST_ROOT: root },
      onOutput: (text) => {
        if (text.includes('"ready"')) resolve();
      },
    });
    await Promise.race([ready, agent.ended]);
    const client = connect({ socketPath: join(root, 'run/holdfast/agent.sock') });
    const tags = Array.from({ length: count }, (_, n) => `quiet-${n}`);
    const resources = Object.fromEntries(
      tags.map((tag) => [tag, { type: 'quiet', settings: { name: tag } }]),
    );
    await client.apply({ document: { nodes: ['alpha'], resources }, by: 'benchmark' });
    for (const tag of tags) await client.command({ action: 'restore', tag, by: 'benchmark' });
    const before = await usageOf(agent.pid!);
    await new Promise((resolve) => setTimeout(resolve, measuredMs));
    const after = await usageOf(agent.pid!);
    agent.kill('SIGTERM');
    await agent.ended;
    const share = ((after.cpuMs - before.cpuMs) / measuredMs) * 100;
    const wakeUps = (after.wakeUps - before.wakeUps) / (measuredMs / 1_000);
    return [
      figureOf(`idle, ${count} resources: processor`, [share], '% of a core'),
      figureOf(`idle, ${count} resources: memory`, [after.memoryMb], 'MB'),
      figureOf(`idle, ${count} resources: wake-ups`, [wakeUps], 'a second'),
    ];
  } finally {
    await rm(root, { recursive: true });
  }
}
