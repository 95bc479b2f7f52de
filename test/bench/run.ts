import { type Configuration, planRestore, type Step, type StepId, type Tag } from '@holdfast/core';
import { type Clock, type KitRunner, Operation, performStep } from '@holdfast/engine';
import { configurationOf, type GivenResource, Random } from '@holdfast/testkit';
import { type Benchmark, type Figure, figureOf } from './measure.ts';

/**
 * What carrying out a plan adds to what the kits take: the wall time of a restore beside its critical path, for graphs
 * by chance whose kits only sleep, through the engine's Operation and performStep with the clock of this machine. A
 * service that could be up is down for what is added. The limit is the critical path: the longest sum of sleeps along
 * which each waits for the one before, as they were slept, so that a late timer is not held against the engine. Aim:
 * 1.02 times that, and 1 ms for each level of the graph.
 */
export const runBenchmark: Benchmark = {
  name: 'run',
  measures:
    'a restore of a graph by chance whose kits sleep 5 to 50 ms, beside its critical path as it was slept',
  runs: 5,
  async *run({ runs }) {
    for (const count of [10, 50, 200, 1_000]) {
      await once(count, 0);
      const seen: Seen[] = [];
      for (let turn = 1; turn <= runs; turn += 1) seen.push(await once(count, turn));
      yield* figuresOf(count, seen);
    }
  },
};

type Seen = Readonly<{ wallMs: number; criticalMs: number; levels: number }>;

function* figuresOf(count: number, seen: readonly Seen[]): Iterable<Figure> {
  const wall = figureOf(
    `restore of ${count}`,
    seen.map(({ wallMs }) => wallMs),
  );
  // Each graph is another: the ratio is the median of theirs, not of two medians.
  const ratio = figureOf(
    'ratio',
    seen.map(({ wallMs, criticalMs }) => wallMs / criticalMs),
  ).p50;
  yield { ...wall, against: 'its critical path', ratio };
  yield figureOf(
    `restore of ${count}: added for each level`,
    seen.map(({ wallMs, criticalMs, levels }) => (wallMs - criticalMs) / levels),
  );
}

async function once(count: number, seed: number): Promise<Seen> {
  const random = new Random(seed);
  const configuration = configurationOf({ resources: graphByChance(count, random) });
  const naps = new Map([...configuration.resources.keys()].map((tag) => [tag, random.between(5, 50)]));
  const slept = new Map<Tag, number>();
  const kits = sleepingKits(naps, slept);
  const plan = planOf(configuration);
  if (plan.steps.length !== count) throw new Error(`the plan has ${plan.steps.length} of ${count} steps`);
  const operation = new Operation(plan, {
    mayBegin: () => undefined,
    perform: (step, signal) => performStep({ clock, kits }, callOf(configuration, step), signal),
    onBegin: () => undefined,
    onEnd: async () => undefined,
  });
  const begunAt = performance.now();
  const result = await operation.run();
  const wallMs = performance.now() - begunAt;
  if (result !== 'done') throw new Error(`the restore of ${count} ended as ${result}`);
  return { wallMs, ...longestPath(plan.steps, slept) };
}

/** All rest under one root, so that one restore is all of it; the others on up to two that came before them. */
function graphByChance(count: number, random: Random): Record<string, GivenResource> {
  const entries = Array.from({ length: count }, (_, n) => {
    const before = Math.min(n, 40);
    const needs =
      n === count - 1
        ? Array.from({ length: n }, (_, child) => `r${child}`)
        : Array.from({ length: Math.min(2, before) }, () => `r${n - random.between(1, before)}`);
    return [`r${n}`, { needs: [...new Set(needs)] }] as const;
  });
  return Object.fromEntries(entries);
}

function planOf(configuration: Configuration) {
  const [node] = configuration.nodes;
  const [tag] = configuration.graph.roots();
  return planRestore({
    configuration,
    node: node!,
    tag: tag!,
    stateOf: () => 'OSU',
    parents: false,
    basedOn: 0,
  });
}

function sleepingKits(naps: ReadonlyMap<Tag, number>, slept: Map<Tag, number>): KitRunner {
  return {
    act: async ({ tag }, signal) => {
      const begunAt = performance.now();
      await clock.sleep(naps.get(tag)!, signal);
      slept.set(tag, performance.now() - begunAt);
      return { result: 'done', evidence: 'slept', todo: '' };
    },
    check: async () => ({ finding: 'in-service', evidence: 'not looked' }),
  };
}

function callOf(configuration: Configuration, { tag, action }: Step) {
  const resource = configuration.resources.get(tag)!;
  const { settings } = resource;
  return {
    ...{ resource, action, settings, epoch: 1, args: [] },
    ...{ budgetMs: 60_000, checkBudgetMs: 1_000, whyNotAgain: () => undefined },
  };
}

/** Steps stand in an order in which each comes after what it waits for. */
function longestPath(
  steps: readonly Step[],
  slept: ReadonlyMap<Tag, number>,
): { criticalMs: number; levels: number } {
  const ends = new Map<StepId, { atMs: number; level: number }>();
  for (const { id, tag, after } of steps) {
    const before = after.map((step) => ends.get(step)!);
    ends.set(id, {
      atMs: Math.max(0, ...before.map(({ atMs }) => atMs)) + slept.get(tag)!,
      level: Math.max(0, ...before.map(({ level }) => level)) + 1,
    });
  }
  const all = [...ends.values()];
  return {
    criticalMs: Math.max(...all.map(({ atMs }) => atMs)),
    levels: Math.max(...all.map(({ level }) => level)),
  };
}

/** As the agent's. */
const clock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  sleep: (span, signal) =>
    new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, span);
      signal.addEventListener('abort', wake, { once: true });
    }),
};
