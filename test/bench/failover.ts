import { type HoldfastCluster, Outside } from '@holdfast/lab';
import { holdfastRows } from './failover/holdfastRows.ts';
import { measureRow } from './failover/measureRow.ts';
import { configureFence, openHoldfast, subjectOf } from './failover/openHoldfast.ts';
import { addressAlone, sharedRows } from './failover/subject.ts';
import type { Benchmark, Figure, Line } from './measure.ts';
import { failoverBesidePeers } from './peers/failoverBesidePeers.ts';

/**
 * What a client outside of a cluster of three nodes is left without when a database moves because it was asked for, or
 * because its node is gone: the longest time between two of its answers, from the fault until everything is as before.
 * It writes a row each few milliseconds and knows which were acknowledged, and all the time it is looked whether two
 * nodes have the address or the mount at once: a cluster that is quick by taking both risks is not quick. The limit of
 * a planned move is what PostgreSQL, the file system and the address take to stop and to start; that of a power cut is
 * the wait after which a node without power, that nobody fenced, has certainly let go: L + D + W + margins, 2.9 s with the
 * preset fast. With an address alone, which its own kernel answers for, the limits are the wait and nothing.
 */
export const failover: Benchmark = {
  name: 'failover',
  peers: ['pacemaker', 'keepalived'],
  measures:
    'the outage that a client sees, rows that were acknowledged and lost, and double holding, with three nodes of which one only votes',
  runs: 5,
  async *run({ runs }) {
    const ours = new Map<string, Figure>();
    let cluster: HoldfastCluster | undefined;
    try {
      cluster = await openHoldfast();
      yield* measureAlone(cluster, runs, ours);
      yield* measureDatabase(cluster, runs, ours);
    } catch (error) {
      // What is left of the cluster after it is not what the next row is about; the peers are measured all the same.
      process.stderr.write(`${cluster?.log() ?? ''}\n`);
      yield { name: 'the rows of Holdfast after these', missing: String(error) };
    } finally {
      await cluster?.close();
    }
    yield* failoverBesidePeers(ours, runs);
  },
};

async function* measureAlone(
  cluster: HoldfastCluster,
  runs: number,
  ours: Map<string, Figure>,
): AsyncGenerator<Line> {
  await cluster.perform('alpha', 'alone', 'restore');
  const subject = subjectOf(cluster, 'alone');
  const outside = Outside.pinger(subject);
  for (const row of [sharedRows.move, sharedRows.powerCut]) {
    const { outage, others } = await measureRow({ subject, outside, row, runs, called: addressAlone });
    ours.set(`${row.name}${addressAlone}`, outage);
    yield* [outage, ...others];
  }
  outside.end();
  await cluster.perform(cluster.trio.holders(subject.address)[0]!, 'alone', 'remove');
}

async function* measureDatabase(
  cluster: HoldfastCluster,
  runs: number,
  ours: Map<string, Figure>,
): AsyncGenerator<Line> {
  await cluster.perform('alpha', 'pg', 'restore');
  const subject = subjectOf(cluster, 'pg');
  const outside = await Outside.writer(subject);
  for (const row of holdfastRows(cluster)) {
    const { outage, others } = await measureRow({ subject, outside, row, runs });
    ours.set(row.name, outage);
    yield* [outage, ...others];
  }
  await configureFence(cluster);
  const { outage, others } = await measureRow({ subject, outside, row: fencedPowerCut, runs });
  yield* [outage, ...others];
  outside.end();
}

const fencedPowerCut = { ...sharedRows.powerCut, name: 'power cut of the owner, with a fence' };
