import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decide } from '@holdfast/core';
import { run } from '@holdfast/kit';
import { configurationOf, type GivenResource } from '@holdfast/testkit';
import { beside, figureOf, inTurns, type Line, timed } from '../measure.ts';
import { shapes } from '../shapes.ts';
import { viewOfAllDown } from '../viewOfAllDown.ts';
import { bringPeer } from './bringPeer.ts';
import { cibOf } from './cib.ts';

const holdfast = fileURLToPath(new URL('../../../packages/cli/bin/holdfast', import.meta.url));

/**
 * The same graph, all of it down and wanted, planned by Holdfast and by Pacemaker's scheduler. Twice: `decide` in
 * process beside what crm_simulate says that its scheduler took, reading and printing left out as far as it leaves
 * them out; and from file to plan on the terminal, each as a command. Both plan one start for each resource, which is
 * looked at before anything is measured; with 5,000 twice alone, for that takes Pacemaker up to 20 s each. It also places by scores and rules that Holdfast does not have.
 */
export async function* planBesidePacemaker(runs: number): AsyncGenerator<Line> {
  const why = await bringPeer('pacemaker-cli-utils');
  if (why !== undefined) return yield { name: 'beside crm_simulate', missing: why };
  for (const shape of ['trees', 'dag'] as const) {
    for (const count of [1_000, 5_000]) {
      const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-plan-'));
      try {
        yield* compare({
          folder,
          called: `${shape} of ${count}`,
          resources: shapes[shape](count),
          runs: count > 1_000 ? Math.min(runs, 2) : runs,
        });
      } catch (error) {
        yield { name: `beside crm_simulate, ${shape} of ${count}`, missing: String(error) };
      } finally {
        await rm(folder, { recursive: true });
      }
    }
  }
}

type Given = Readonly<{
  folder: string;
  called: string;
  resources: Record<string, GivenResource>;
  runs: number;
}>;

async function* compare({ folder, called, resources, runs }: Given): AsyncGenerator<Line> {
  const world = join(folder, 'world.yaml');
  const profiled = join(folder, 'profiled');
  await mkdir(profiled);
  const cib = join(profiled, 'cib.xml');
  const intent = Object.fromEntries(Object.keys(resources).map((tag) => [tag, { inService: 'alpha' }]));
  // JSON is YAML.
  await writeFile(world, JSON.stringify({ nodes: ['alpha', 'beta'], resources, intent }));
  await writeFile(cib, cibOf(resources));
  const ours = [holdfast, 'plan', '--file', world] as const;
  const theirs = ['crm_simulate', '--xml-file', cib, '--run'] as const;
  const count = Object.keys(resources).length;
  const planned = [
    (await said(ours)).match(/\brestore\b/g)?.length ?? 0,
    (await said(theirs)).match(/^ +\* Start /gm)?.length ?? 0,
  ];
  if (planned.some((steps) => steps < count)) throw new Error(`planned ${planned.join(' and ')} of ${count}`);

  yield await inTurns({
    name: `holdfast plan, ${called}`,
    runs,
    isWarm: true,
    against: 'crm_simulate --run',
    it: () => said(ours),
    limit: () => said(theirs),
  });
  const configuration = configurationOf({ resources, nodes: ['alpha', 'beta'] });
  const view = viewOfAllDown(configuration);
  const own: number[] = [];
  const scheduler: number[] = [];
  // Its program has run above; ours in this process has not.
  decide(configuration, view);
  for (let turn = 0; turn < runs; turn += 1) {
    own.push(await timed(() => decide(configuration, view)));
    scheduler.push(timeIn(await said(['crm_simulate', '--profile', profiled])));
  }
  const peer = figureOf(`crm_simulate --profile, ${called}`, scheduler);
  yield beside(
    figureOf(`decide, ${called}`, own),
    peer,
    'the scheduler of Pacemaker, as crm_simulate times it',
  );
  yield peer;
}

/** It says whole hundredths of a second. */
function timeIn(text: string): number {
  const seconds = /\.\.\. ([\d.]+) secs/.exec(text)?.[1];
  if (seconds === undefined) throw new Error(`crm_simulate said no time: ${text}`);
  return Number(seconds) * 1_000;
}

async function said(argv: readonly [string, ...string[]]): Promise<string> {
  // All of it: what a run keeps by itself is the end alone.
  const pieces: string[] = [];
  const ended = await run(argv, { budgetMs: 120_000, onOutput: (text) => pieces.push(text) });
  if (!ended.ok) throw new Error(ended.says);
  return pieces.join('');
}
