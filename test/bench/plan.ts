import {
  type Configuration,
  decide,
  forecast,
  planMove,
  planRestore,
  readWorld,
  type Tag,
  type World,
} from '@holdfast/core';
import { configurationOf, type GivenResource } from '@holdfast/testkit';
import { type Benchmark, figureOf, inTurns, type Line } from './measure.ts';
import { planBesidePacemaker } from './peers/planBesidePacemaker.ts';
import { type Shape, shapes } from './shapes.ts';
import { bareGraph, sortBare } from './sortBare.ts';
import { viewOfAllDown } from './viewOfAllDown.ts';

/**
 * How long it takes to plan and to decide about hierarchies of some size, and how that grows: until it is decided
 * nothing is repaired, and an agent that decides does nothing else. The limit is a bare topological sort of the same
 * graph: nothing that respects the order can do with less, and it knows neither states nor reasons. `decide` and the forecast are about all of the
 * graph; planRestore and planMove about the hierarchy of one tag: all of a chain or a dag, 50 resources of the trees.
 */
export const plan: Benchmark = {
  name: 'plan',
  peers: ['pacemaker-cli-utils'],
  measures:
    'planRestore, planMove, decide and the forecast of a move, for trees of 50, one graph by chance with two children each (dag), a chain and a flat set; the whole beside crm_simulate',
  async *run({ runs }) {
    for (const shape of Object.keys(shapes) as Shape[]) yield* measureShape(shape, runs);
    yield* planBesidePacemaker(Math.min(runs, 5));
  },
};

const counts = [50, 1_000, 5_000, 100_000] as const;

async function* measureShape(shape: Shape, runs: number): AsyncGenerator<Line> {
  const medians = new Map<string, Map<number, number>>();
  for (const count of counts) {
    const resources = shapes[shape](count);
    const bare = bareGraph(resources);
    for (const [name, it] of Object.entries(jobsOf(shape, count, resources))) {
      const figure = await inTurns({
        name: `${name}, ${shape} of ${count}`,
        runs: count > 5_000 ? Math.min(runs, 3) : runs,
        against: `a topological sort of ${shape} of ${count}`,
        limit: () => sortBare(bare),
        it,
      });
      yield figure;
      medians.set(name, (medians.get(name) ?? new Map()).set(count, figure.p50));
    }
  }
  for (const [name, byCount] of medians) {
    // A tag of the trees brings along 49 others, however many there are.
    if (shape === 'trees' && name.startsWith('plan')) continue;
    yield* growthOf(`${name}, ${shape}`, [...byCount]);
  }
}

function jobsOf(
  shape: Shape,
  count: number,
  resources: Record<string, GivenResource>,
): Record<string, () => unknown> {
  const configuration = configurationOf({ resources, nodes: ['alpha', 'beta'] });
  const view = viewOfAllDown(configuration);
  const world = count > 5_000 ? undefined : movingWorld(resources);
  return {
    // A flat set has nothing to plan for one tag, and all of 100,000 is asked of `decide`.
    ...(shape === 'flat' || (count > 5_000 && shape !== 'trees')
      ? {}
      : { planRestore: () => restoreFirst(configuration), planMove: () => moveFirst(configuration) }),
    decide: () => decide(configuration, view),
    ...(world === undefined ? {} : { forecast: () => forecast(world) }),
  };
}

/** How many times as long for each doubling. What grows as n log n takes 6.2 times as long for 5 times as many. */
function* growthOf(name: string, medians: readonly (readonly [number, number])[]): Iterable<Line> {
  for (const [at, [count, median]] of medians.entries()) {
    const before = medians[at - 1];
    // With 50 the start of each call is most of it: what is measured from there is not growth.
    if (before === undefined || before[0] < 1_000) continue;
    const doublings = Math.log2(count / before[0]);
    const perDoubling = (median / before[1]) ** (1 / doublings);
    const expected = ((count * Math.log(count)) / (before[0] * Math.log(before[0]))) ** (1 / doublings);
    const ratio = Number((perDoubling / expected).toPrecision(3));
    const figure = figureOf(`${name}: growth per doubling, ${before[0]} to ${count}`, [perDoubling], 'x');
    yield { ...figure, against: 'n log n', ratio };
  }
}

/** Everything of a chain and of a dag rests on it; in trees it is the top of one. */
const first = 'r0' as Tag;

function restoreFirst(configuration: Configuration): unknown {
  const node = configuration.nodes[0]!;
  return planRestore({ configuration, node, tag: first, stateOf: () => 'OSU', parents: true, basedOn: 0 });
}

function moveFirst(configuration: Configuration): unknown {
  const [from, to] = configuration.nodes as [Configuration['nodes'][number], Configuration['nodes'][number]];
  return planMove({
    configuration,
    tag: first,
    from,
    to,
    stateOn: (node) => () => (node === from ? 'ISP' : 'OSU'),
    basedOn: 0,
  });
}

/** Everything is in service on one node and asked for on the other. */
function movingWorld(resources: Record<string, GivenResource>): World {
  const byTag = <Value>(value: Value) =>
    Object.fromEntries(Object.keys(resources).map((tag) => [tag, value]));
  const read = readWorld({
    nodes: ['alpha', 'beta'],
    resources,
    states: { alpha: byTag('ISP') },
    intent: byTag({ inService: 'beta' }),
  });
  if (!read.ok) throw new Error('the benchmark describes no sound world');
  return read.value;
}
