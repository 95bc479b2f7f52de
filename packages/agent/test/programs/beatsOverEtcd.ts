/*
 * Three nodes' keepers over a real etcd, from inside the lab: node beatsOverEtcd.ts ENDPOINTS. The first takes a
 * hierarchy; when standard input ends its keeper dies, and another takes over after the full wait. Prints lines.
 */
import { randomUUID } from 'node:crypto';
import { deriveTimes } from '@holdfast/core';
import { openEtcdStore } from '@holdfast/store/etcd';
import { Keeper } from '../../src/keeper/keeper.ts';
import { PeerWatch } from '../../src/keeper/peerWatch.ts';
import type { OwnSession } from '../../src/keeper/sessionRules.ts';
import { openBootClock } from '../../src/program/bootClock.ts';
import { systemClock } from '../../src/program/systemClock.ts';

// The right of the smallest preset is over when a busy machine keeps this process waiting; what is to be seen here is
// whether an election of etcd ends it. So the election is that of `fast`, and the keepers have time to spare.
const derived = deriveTimes({ preset: 'fast', right: 3_000, drop: 2_000, answer: 1_000, margin: 700 });
if (!derived.ok) throw new Error(JSON.stringify(derived.problems));
const times = derived.value;
const endpoints = JSON.parse(process.argv[2]!) as string[];
const bootClock = openBootClock();
const silent = (): void => undefined;
const tell = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
const hierarchy = 'mail';
const never = 3_600_000;
const lost: { node: string; because: string }[] = [];

const nodes = ['alpha', 'beta', 'gamma'].map((node, index) => {
  const turned = endpoints.map((_, at) => endpoints[(at + index) % endpoints.length]!);
  const store = openEtcdStore({ endpoints: turned, suspectAfterMs: 100, progressEveryMs: 100 });
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const watch = new PeerWatch({ times, store, bootClock, clock: systemClock, log });
  const keeper = new Keeper({
    ...{ node, boot: `boot-of-${node}`, times, store, bootClock, clock: systemClock, log },
    care: {
      ...{ askEvery: never, hangsAfter: never, startsWithin: never, turnWithin: never },
      restarts: { most: 0, within: never, afterwards: 'release' },
    },
    newSessionId: randomUUID,
    runAbort: async () => undefined,
    takeNodeDown: async () => undefined,
    killAgent: silent,
    startAgent: silent,
  });
  let right: Readonly<{ own: OwnSession; until: number }> | undefined;
  const port = keeper.attach({
    onRight: (own, until) => {
      right = { own, until };
    },
    onLost: (because) => {
      right = undefined;
      lost.push({ node, because });
    },
    onMayNotJoin: silent,
    onAsk: silent,
  })!;
  port.begin([]);
  port.runs(false, []);
  void keeper.run();
  void watch.run();
  return {
    node,
    store,
    peers: watch.peers,
    stop: () => keeper.stop(),
    own: () => right?.own,
    mayAct: () => watch.isInformed && right !== undefined && bootClock.now() < right.until,
  };
});

async function until(condition: () => boolean): Promise<number> {
  const begun = performance.now();
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  return performance.now() - begun;
}

/** Takes the hierarchy as soon as the rules let this node, and says how long that took. */
async function take({ node, peers, own, mayAct, store }: (typeof nodes)[number]): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const session = own();
    const verdict = session === undefined ? undefined : peers.judgeTake(hierarchy, session, bootClock.now());
    if (mayAct() && verdict?.take === true) {
      const taken = await store.transact(verdict.transaction).catch(() => undefined);
      if (taken?.ok === true) {
        tell({ taken: node });
        return performance.now() - begun;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const [alpha, beta, gamma] = nodes as [
  (typeof nodes)[number],
  (typeof nodes)[number],
  (typeof nodes)[number],
];
const heldAfterMs = await until(() => nodes.every(({ mayAct }) => mayAct()));
await take(alpha);
await until(() => beta.peers.claims.has(hierarchy));
tell({ event: 'steady', heldAfterMs: Math.round(heldAfterMs) });

await new Promise<void>((resolve) => process.stdin.resume().on('end', resolve));
const lostBefore = [...lost];
alpha.stop();
const ending = (async () => {
  for (;;) {
    for (const { own, mayAct, peers, store } of [beta, gamma])
      if (mayAct())
        for (const transaction of peers.endingsDue(own()!, bootClock.now()))
          await store.transact(transaction).catch(() => undefined);
    if (beta.peers.sessionOf('alpha')?.record.endedBy !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
})();
const begun = performance.now();
await ending;
const endedAfterMs = Math.round(performance.now() - begun);
const takenAfterMs = Math.round(
  await Promise.race([take(beta), take(gamma)]).then(() => performance.now() - begun),
);
tell({
  event: 'done',
  lostBefore,
  endedAfterMs,
  takenAfterMs,
  times,
});
process.exit(0);
