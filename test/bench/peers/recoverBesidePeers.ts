import { type FaultBench, type FaultOf, faultUntilServed, sharedFaults, someMoment } from '../faults.ts';
import { beside, type Figure, figureOf, type Line } from '../measure.ts';
import { withMonit } from './monit.ts';
import { withPacemaker } from './pacemaker.ts';

/** Fault to service with Holdfast, by fault. */
export type OurFigures = Readonly<Record<keyof typeof sharedFaults, Figure>>;

const faults = Object.entries(sharedFaults) as [keyof OurFigures, FaultOf][];

/**
 * The same faults under Pacemaker with monitors each second and each 10 s, which is what its examples have, and under
 * monit with cycles of a second. Each fault happens at any moment between two looks.
 */
export async function* recoverBesidePeers(ours: OurFigures, runs: number): AsyncGenerator<Line> {
  const pacemaker = await withPacemaker(async (bench) => {
    const lines: Line[] = [];
    for (const ms of [1_000, 10_000]) {
      await bench.everyMs(ms);
      lines.push(
        ...(await measure({ bench, ours, runs, peer: `Pacemaker, each ${ms / 1_000} s`, everyMs: ms })),
      );
    }
    return lines;
  });
  if (pacemaker.ok) yield* pacemaker.value;
  else yield { name: 'the same under Pacemaker', missing: pacemaker.why };

  const monit = await withMonit((bench) =>
    measure({ bench, ours, runs, peer: 'monit, each 1 s', everyMs: 1_000 }),
  );
  if (monit.ok) yield* monit.value;
  else yield { name: 'the same under monit', missing: monit.why };
}

type Given = Readonly<{
  bench: FaultBench & { settle: () => Promise<void> };
  ours: OurFigures;
  runs: number;
  peer: string;
  everyMs: number;
}>;

async function measure({ bench, ours, runs, peer, everyMs }: Given): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [key, fault] of faults) {
    const name = `${fault.name}: served, ${peer}`;
    try {
      const spans: number[] = [];
      for (let turn = 0; turn < runs; turn += 1) {
        await bench.settle();
        await someMoment(everyMs);
        spans.push(await faultUntilServed(bench, fault));
      }
      lines.push(beside(figureOf(name, spans), ours[key], 'Holdfast'));
    } catch (error) {
      // One that it does not repair leaves nothing to go on with.
      lines.push({ name, missing: error instanceof Error ? error.message : String(error) });
      break;
    }
  }
  return lines;
}
