import { readdir, readFile, readlink } from 'node:fs/promises';
import { connect } from '@holdfast/client';
import { type LabNode, openLab, startAgent } from '@holdfast/lab';
import { address, budget, dataDirectory, must, openFaultBench } from '../faults.ts';
import { beside, type Figure, figureOf, type Line } from '../measure.ts';
import { type Usage, usageOf } from '../usageOf.ts';
import { withPacemaker } from './pacemaker.ts';

/**
 * The same address, two file systems and PostgreSQL at rest, for so long: with Holdfast's own kits, whose checks are
 * asked for each second here too, and under Pacemaker with monitors each second. Everything counts that runs in the
 * node but PostgreSQL and the first process: daemons, and the programs that the checks start, which their parents have
 * waited for.
 */
export async function* idleBesidePacemaker(measuredMs: number): AsyncGenerator<Line> {
  const ours = await ourUsage(measuredMs);
  yield* Object.values(ours);
  const theirs = await withPacemaker(async ({ node, settle }) => {
    await settle();
    return figuresOf('Pacemaker with four resources, each 1 s', await usageOver(node, measuredMs));
  });
  if (!theirs.ok) return yield { name: 'the same under Pacemaker', missing: theirs.why };
  yield beside(theirs.value.processor, ours.processor, 'Holdfast');
  yield beside(theirs.value.memory, ours.memory, 'Holdfast');
}

type Figures = Readonly<{ processor: Figure; memory: Figure }>;

async function ourUsage(measuredMs: number): Promise<Figures> {
  const lab = await openLab();
  try {
    const { node, device, spare } = await openFaultBench(lab);
    await startAgent(node);
    const fs = (of: string, mountPoint: string) => ({
      type: 'filesystem',
      settings: { device: of, mountPoint, fsType: 'ext4' },
    });
    const document = {
      nodes: ['alpha'],
      policy: { quickCheck: { every: '1s' } },
      resources: {
        ip: { type: 'ip', settings: { address: `${address}/24`, device: 'eth0' } },
        fs: fs(device, '/srv/pg'),
        pg: { type: 'postgresql', needs: ['fs', 'ip'], settings: { dataDirectory } },
        spare: fs(spare, '/srv/spare'),
      },
    };
    const client = connect({ socketPath: node.path('/run/holdfast/agent.sock') });
    const applied = await client.apply({ document, by: 'benchmark' });
    if (!applied.ok) throw new Error(JSON.stringify(applied.trouble.problems));
    for (const tag of ['pg', 'spare'])
      await must(node.run(['perform_action', '-t', tag, '-a', 'restore'], budget));
    return figuresOf('Holdfast with four resources, each 1 s', await usageOver(node, measuredMs));
  } finally {
    await lab.close();
  }
}

function figuresOf(name: string, used: Readonly<{ share: number; memoryMb: number }>): Figures {
  return {
    processor: figureOf(`${name}: processor`, [used.share], '% of a core'),
    memory: figureOf(`${name}: resident memory`, [used.memoryMb], 'MB'),
  };
}

async function usageOver(node: LabNode, measuredMs: number): Promise<{ share: number; memoryMb: number }> {
  const before = await usageIn(node);
  await new Promise((resolve) => setTimeout(resolve, measuredMs));
  const after = await usageIn(node);
  let cpuMs = 0;
  for (const [pid, usage] of after) cpuMs += usage.cpuMs - (before.get(pid)?.cpuMs ?? 0);
  const memoryMb = [...after.values()].reduce((sum, usage) => sum + usage.memoryMb, 0);
  return { share: (cpuMs / measuredMs) * 100, memoryMb };
}

/** By the namespace of its processes, which the first process of the node has too. */
async function usageIn(node: LabNode): Promise<ReadonlyMap<number, Usage>> {
  const namespace = await readlink(`/proc/${node.pid}/ns/pid`);
  const found = new Map<number, Usage>();
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!(pid > 0) || pid === node.pid) continue;
    try {
      if ((await readlink(`/proc/${pid}/ns/pid`)) !== namespace) continue;
      const program = await readFile(`/proc/${pid}/comm`, 'utf8');
      if (!program.startsWith('postgres')) found.set(pid, await usageOf(pid));
    } catch {
      // It has ended since the listing.
    }
  }
  return found;
}
