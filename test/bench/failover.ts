import { HoldfastCluster } from './failover/holdfastCluster.ts';
import { holdfastRows } from './failover/holdfastRows.ts';
import { measureRow, type Seen } from './failover/measureRow.ts';
import { Outside } from './failover/outside.ts';
import { type Subject, sharedRows } from './failover/subject.ts';
import { must } from './faults.ts';
import type { Benchmark, Line } from './measure.ts';

/**
 * What a client outside of a cluster of three nodes is left without when a database moves because it was asked for, or
 * because its node is gone: the longest time between two of its answers, from the fault until everything is as before.
 * It writes a row each few milliseconds and knows which were acknowledged, and all the time it is looked whether two
 * nodes have the address or the mount at once: a cluster that is quick by taking both risks is not quick. The limit of
 * a planned move is what PostgreSQL, the file system and the address take to stop and to start; that of a power cut is
 * the wait after which a node without power, that nobody fenced, has certainly let go: L + D + margins, 2.3 s with the
 * preset fast. With an address alone, which its own kernel answers for, the limits are the wait and nothing.
 */
export const failover: Benchmark = {
  name: 'failover',
  measures:
    'the outage that a client sees, rows that were acknowledged and lost, and double holding, with three nodes of which one only votes',
  runs: 5,
  async *run({ runs }) {
    const cluster = await HoldfastCluster.open();
    try {
      yield* measureAlone(cluster, runs);
      yield* measureDatabase(cluster, runs);
    } catch (error) {
      throw new Error(`${String(error)}\n${cluster.log()}`);
    } finally {
      await cluster.close();
    }
  },
};

async function* measureAlone(cluster: HoldfastCluster, runs: number): AsyncGenerator<Line> {
  await cluster.perform('alpha', 'alone', 'restore');
  const subject = cluster.subject('alone');
  const outside = Outside.pinger(cluster.trio.lab, subject.address);
  for (const row of [sharedRows.move, sharedRows.powerCut])
    yield* linesOf(await measureRow({ subject, outside, row, runs, called: ', address alone' }));
  outside.end();
  await cluster.perform('alpha', 'alone', 'remove');
}

async function* measureDatabase(cluster: HoldfastCluster, runs: number): AsyncGenerator<Line> {
  await cluster.perform('alpha', 'pg', 'restore');
  const subject = cluster.subject('pg');
  const outside = await writerOf(subject);
  for (const row of holdfastRows(cluster)) yield* linesOf(await measureRow({ subject, outside, row, runs }));
  outside.end();
}

async function writerOf({ trio, address }: Subject): Promise<Outside> {
  const table = ['psql', '-h', address, '-U', 'postgres', '-XAtc', 'create table seen (row int)'] as const;
  await must(trio.lab.client.run(table, { budgetMs: 10_000 }));
  return Outside.writer(trio.lab, address);
}

function* linesOf({ outage, others }: Seen): Iterable<Line> {
  yield outage;
  yield* others;
}
