import { deriveTimes } from '@holdfast/core';
import type { ClusterStore } from '@holdfast/store';
import { expect, test } from '@jest/globals';
import type { SessionRecord } from '../../src/keeper/beatRecords.ts';
import { Keeper } from '../../src/keeper/keeper.ts';
import { SimulatedStore } from './simulatedStore.ts';

const derived = deriveTimes({ preset: 'fast' });
if (!derived.ok) throw new Error('the preset does not fit');
const times = derived.value;
const step = { argv: ['let-go'] as [string], budgetMs: 100 };

/** A keeper whose clock stands still until a test moves it, and a store that answers at once or not at all. */
function bench(facts: { claims?: Record<string, object>; fence?: object } = {}) {
  const kept = new SimulatedStore(() => undefined);
  for (const [id, claim] of Object.entries(facts.claims ?? {}))
    kept.transact({ when: [], write: [{ key: `claim/${id}`, value: claim }] });
  if (facts.fence !== undefined)
    kept.transact({ when: [], write: [{ key: 'fence/alpha', value: facts.fence }] });
  const seen = { now: 0, said: [] as string[], kicks: 0, armed: 0, answers: true, rights: [] as string[] };
  const store = {
    read: async (prefix: string) => {
      if (!seen.answers) throw new Error('unreachable');
      return { revision: 0, entries: kept.all().filter(({ key }) => key.startsWith(prefix)) };
    },
    transact: async (transaction: Parameters<SimulatedStore['transact']>[0]) => {
      if (!seen.answers) throw new Error('unreachable');
      return kept.transact(transaction);
    },
  } as unknown as ClusterStore;
  let sessions = 0;
  const silent = () => undefined;
  const keeper = new Keeper({
    ...{ node: 'alpha', boot: 'boot-1', times, store },
    care: {
      ...{ askEvery: 1_000, hangsAfter: 5_000, startsWithin: 30_000, turnWithin: 35_000 },
      restarts: { most: 3, within: 600_000, afterwards: 'release' },
    },
    bootClock: { now: () => seen.now },
    clock: { now: () => seen.now, wall: () => 0, sleep: async () => undefined },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    newSessionId: () => {
      sessions += 1;
      return `session-${sessions}`;
    },
    watchdog: {
      arm: async () => {
        seen.armed += 1;
      },
      kick: () => {
        if (seen.armed > 0) seen.kicks += 1;
      },
    },
    runAbort: async ({ argv }) => void seen.said.push(argv[0]),
    takeNodeDown: async () => void seen.said.push('node down'),
    killAgent: () => void seen.said.push('kill'),
    startAgent: () => void seen.said.push('start'),
  });
  const agent = () =>
    keeper.attach({
      onRight: (own, until) => void seen.rights.push(`${own.id} ${until}`),
      onLost: (because) => void seen.said.push(`lost: ${because}`),
      onMayNotJoin: ({ because }) => void seen.said.push(because),
      onAsk: silent,
    })!;
  const go = async (to: number): Promise<void> => {
    for (; seen.now < to; seen.now += 50) {
      keeper.tick();
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
  };
  const session = () => kept.valueOf<SessionRecord>('session/alpha');
  return { keeper, agent, seen, go, session };
}

test('a session begins when an agent has looked, with the watchdog armed before it, and is renewed', async () => {
  const { agent, seen, go, session } = bench();
  const port = agent();
  await go(500);
  expect({ session: session(), armed: seen.armed }).toEqual({ session: undefined, armed: 0 });
  port.begin([]);
  port.runs(false, []);
  await go(2_000);
  expect(session()).toMatchObject({ id: 'session-1', watchdog: true });
  expect(seen.rights.length).toBeGreaterThan(5);
  expect(seen.kicks).toBeGreaterThan(5);
});

test('the session outlives its agent, and the next one goes on under it', async () => {
  const { agent, seen, go, session } = bench();
  const first = agent();
  first.begin([]);
  first.runs(true, [[[step]]]);
  await go(1_000);
  first.turned();
  first.close();
  await go(3_000);
  expect(seen.said).toEqual(['start']);
  seen.rights.length = 0;
  agent().begin(['mail@1']);
  expect(seen.rights).toHaveLength(1);
  expect(session()?.id).toBe('session-1');
  expect(seen.said).toEqual(['start']);
});

test('while one agent is there another is refused, and what one says that is gone counts no more', async () => {
  const { keeper, agent, go } = bench();
  const first = agent();
  expect(agent()).toBeUndefined();
  first.close();
  agent();
  first.runs(true, []);
  await go(100);
  expect(keeper.phase).toBe('idle');
});

test('without an answered beat nothing is kicked, and at the end of the right the way out runs; then the node goes', async () => {
  const { agent, seen, go } = bench();
  const port = agent();
  port.begin([]);
  port.runs(true, [[[step]]]);
  await go(1_000);
  port.turned();
  seen.answers = false;
  const kicks = seen.kicks;
  await go(1_750);
  expect(seen.said).toEqual([]);
  await go(2_200);
  expect(seen.said).toEqual(['let-go', 'lost: not-renewed']);
  await go(2_700);
  expect(seen.said).toHaveLength(2);
  await go(3_200);
  expect(seen.said).toContain('node down');
  expect(seen.kicks).toBe(kicks);
});

test('with everything surely down, a node that waits for its store is not taken down by its watchdog', async () => {
  const { agent, seen, go } = bench();
  const port = agent();
  port.begin([]);
  port.runs(false, []);
  await go(1_000);
  seen.answers = false;
  await go(3_000);
  // It may be about to tell of what it has just begun.
  const kicks = seen.kicks;
  await go(3_500);
  expect(seen.kicks).toBe(kicks);
  port.allIsDown();
  await go(5_000);
  expect(seen.kicks).toBeGreaterThan(kicks);
  expect(seen.said).toEqual(['lost: not-renewed']);
});

test('what runs under the claim of another node is let go of before a session begins', async () => {
  const claim = { node: 'beta', boot: 'b', session: 's', epoch: 4, clean: false };
  const { agent, seen, go, session } = bench({ claims: { 'mail@1': claim } });
  const port = agent();
  port.begin(['mail@1']);
  port.runs(true, [[[step]]]);
  await go(300);
  expect(seen.said).toEqual(['let-go', 'lost: not-renewed']);
  expect(session()).toBeUndefined();
});

test('what runs without a right, and gets none in time, is let go of', async () => {
  const { agent, seen, go } = bench();
  seen.answers = false;
  const port = agent();
  port.begin(['mail@1']);
  port.runs(true, [[[step]]]);
  await go(900);
  expect(seen.said).toEqual([]);
  await go(1_200);
  expect(seen.said).toEqual(['let-go', 'lost: not-renewed']);
});

test('when no agent stays, the right is given up', async () => {
  const { agent, seen, go } = bench();
  const port = agent();
  port.begin([]);
  port.runs(true, [[[step]]]);
  await go(1_000);
  port.turned();
  port.close();
  await go(40_000);
  expect(seen.said.slice(0, 3)).toEqual(['start', 'start', 'let-go']);
  expect(seen.said).toContain('node down');
});

test('a node that others were told is down begins nothing in that boot; what was asked of an earlier one is closed', async () => {
  const fence = {
    ...{ session: 's', state: 'confirmed', by: 'beta', bySession: 'b', at: 0, why: 'silent' },
    ...{ tries: 1, says: 'off' },
  };
  const fenced = bench({ fence: { ...fence, boot: 'boot-1' } });
  fenced.agent().begin([]);
  await fenced.go(300);
  expect(fenced.session()).toBeUndefined();
  expect(new Set(fenced.seen.said)).toEqual(new Set(['fenced-in-this-boot']));
  const rebooted = bench({ fence: { ...fence, boot: 'boot-0' } });
  rebooted.agent().begin([]);
  await rebooted.go(300);
  expect(rebooted.session()?.id).toBe('session-1');
});
