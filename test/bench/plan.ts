import { alg, Graph } from '@dagrejs/graphlib';
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
import { type Benchmark, inTurns } from './measure.ts';

/**
 * How long it takes to plan and to decide about hierarchies of some size. The limit is a bare topological sort of the
 * same graph by graphlib: nothing that respects the order can do with less.
 */
export const plan: Benchmark = {
  name: 'plan',
  measures:
    'planRestore, planMove, decide and the forecast of a move, for trees of 50 resources with two children each, and for one chain',
  async *run({ runs }) {
    for (const count of [50, 1_000, 5_000, 100_000]) {
      for (const [shape, resources] of [
        ['trees', trees(count)],
        // The peer calls itself once for each resource of a chain, and the stack ends before 100,000.
        ...(count > 5_000 ? [] : [['chain', chain(count)] as const]),
      ] as const) {
        const configuration = configurationOf({ resources, nodes: ['alpha', 'beta'] });
        const bare = bareGraph(resources);
        const world = movingWorld(resources);
        const jobs: Record<string, () => unknown> = {
          planRestore: () => restoreAll(configuration),
          planMove: () => moveOne(configuration),
          decide: () => decideAll(configuration),
          // In turns with a forecast of a chain the peer's stack ended before 5,000, in each of three runs.
          ...(count > (shape === 'chain' ? 1_000 : 5_000) ? {} : { forecast: () => forecast(world) }),
        };
        for (const [name, it] of Object.entries(jobs)) {
          yield await inTurns({
            name: `${name}, ${shape} of ${count}`,
            runs: count > 5_000 ? Math.min(runs, 3) : runs,
            against: `a topological sort of ${shape} of ${count}`,
            limit: () => alg.topsort(bare),
            it,
          });
        }
      }
    }
  },
};

function trees(count: number): Record<string, GivenResource> {
  const resources: Record<string, GivenResource> = {};
  for (let n = 0; n < count; n += 1) {
    const place = n % 50;
    const base = n - place;
    const children = [2 * place + 1, 2 * place + 2].filter((child) => child < 50 && base + child < count);
    resources[`r${n}`] = { needs: children.map((child) => `r${base + child}`) };
  }
  return resources;
}

function bareGraph(resources: Record<string, GivenResource>): Graph {
  const graph = new Graph({ directed: true });
  for (const [tag, { needs = [] }] of Object.entries(resources)) {
    graph.setNode(tag);
    for (const child of needs) graph.setEdge(tag, child);
  }
  return graph;
}

function chain(count: number): Record<string, GivenResource> {
  const entries = Array.from(
    { length: count },
    (_, n) => [`r${n}`, n === 0 ? {} : { needs: [`r${n - 1}`] }] as const,
  );
  return Object.fromEntries(entries);
}

function restoreAll(configuration: Configuration): unknown {
  const node = configuration.nodes[0]!;
  return configuration.graph
    .roots()
    .slice(0, 1)
    .map((tag) => planRestore({ configuration, node, tag, stateOf: () => 'OSU', parents: true, basedOn: 0 }));
}

function moveOne(configuration: Configuration): unknown {
  const [from, to] = configuration.nodes as [Configuration['nodes'][number], Configuration['nodes'][number]];
  const tag = configuration.graph.roots()[0]!;
  return planMove({
    configuration,
    tag,
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

function decideAll(configuration: Configuration): unknown {
  const node = configuration.nodes[0]!;
  const tags = [...configuration.resources.keys()];
  const byTag = <Value>(value: Value): Record<Tag, Value> =>
    Object.fromEntries(tags.map((tag) => [tag, value]));
  const hierarchies = configuration.hierarchies.map(({ tags: members }, index) => ({
    id: `h${index}` as never,
    tags: members,
  }));
  return decide(configuration, {
    node,
    boot: 'boot' as never,
    now: 0,
    generation: 1,
    basedOn: 1,
    hierarchies,
    nodes: { [node]: { alive: 'yes' } },
    intents: byTag({ want: 'inService' as const, revision: 1, by: 'operator', at: 0, args: [] }),
    states: {
      [node]: byTag({ state: 'OSU' as const, reason: '', since: 0, conditions: [], rises: 0, repairs: [] }),
    },
    claims: Object.fromEntries(
      hierarchies.map(({ id }) => [id, { node, boot: 'boot' as never, epoch: 1, clean: false }]),
    ),
    busy: [],
  });
}
