import assert from 'node:assert/strict';
import type { Changes, ClusterStore } from './contract.ts';

/** How a test runner takes a test: jest's `test` fits. */
export type AddTest = (name: string, body: () => Promise<void>) => void;

export type StoreUnderTest = Readonly<{
  /** A store that is empty below every prefix that the suite uses. */
  open: () => Promise<ClusterStore>;
  /** The same store after the process that had it open died; undefined where the store lives elsewhere. */
  reopen?: (store: ClusterStore) => Promise<ClusterStore>;
}>;

/** What every store must do. A new rule for stores goes here first. */
export function storeConformance(test: AddTest, { open, reopen }: StoreUnderTest): void {
  const rule = (name: string, body: (store: ClusterStore) => Promise<void>): void => {
    test(name, async () => {
      const store = await open();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });
  };

  rule('an empty prefix reads as no entries', async (store) => {
    assert.deepEqual((await store.read('a/')).entries, []);
  });

  rule(
    'what a transaction wrote is read back, sorted, with the revision of its transaction',
    async (store) => {
      const written = await commit(store, [], { 'a/2': { n: 2 }, 'a/1': 'one', 'b/1': null });
      const { revision, entries } = await store.read('a/');
      assert.equal(revision, written);
      assert.deepEqual(entries, [
        { key: 'a/1', value: 'one', revision: written },
        { key: 'a/2', value: { n: 2 }, revision: written },
      ]);
    },
  );

  rule('a prefix is text and not a pattern', async (store) => {
    await commit(store, [], { 'a%/1': 1, 'ab/1': 2, 'a_/1': 3, 'A/1': 4, 'a/é': 5, 'a/\u{1f600}': 6 });
    assert.deepEqual(
      (await store.read('a%')).entries.map(({ key }) => key),
      ['a%/1'],
    );
    assert.deepEqual(
      (await store.read('a/')).entries.map(({ value }) => value),
      [5, 6],
    );
  });

  rule('a transaction on a key that is not there succeeds once', async (store) => {
    const create = () =>
      store.transact({ when: [{ key: 'lock', revision: 0 }], write: [{ key: 'lock', value: 'mine' }] });
    const first = await create();
    const second = await create();
    assert.equal(first.ok, true);
    assert.deepEqual(second, {
      ok: false,
      conflicts: [{ key: 'lock', revision: first.ok ? first.revision : -1 }],
    });
  });

  rule('a transaction whose condition fails writes nothing at all and leaves the revision', async (store) => {
    const before = await commit(store, [], { x: 1 });
    const stale = await store.transact({
      when: [
        { key: 'x', revision: before },
        { key: 'y', revision: 7 },
      ],
      write: [
        { key: 'x', value: 2 },
        { key: 'z', value: 3 },
      ],
    });
    assert.deepEqual(stale, { ok: false, conflicts: [{ key: 'y', revision: 0 }] });
    const { revision, entries } = await store.read('');
    assert.equal(revision, before);
    assert.deepEqual(entries, [{ key: 'x', value: 1, revision: before }]);
  });

  rule('a transaction on a value succeeds only while the key has that value', async (store) => {
    const made = await commit(store, [], { x: { b: 1, a: [1, { d: 1, c: 2 }] } });
    const when = (value: unknown) =>
      store.transact({ when: [{ key: 'x', value }], write: [{ key: 'y', value: 1 }] });
    assert.deepEqual(await when({ b: 1, a: [1] }), { ok: false, conflicts: [{ key: 'x', revision: made }] });
    assert.equal((await when({ a: [1, { c: 2, d: 1 }], b: 1 })).ok, true);
    const absent = await store.transact({
      when: [{ key: 'none', value: null }],
      write: [{ key: 'y', value: 2 }],
    });
    assert.deepEqual(absent, { ok: false, conflicts: [{ key: 'none', revision: 0 }] });
  });

  rule('a transaction reads in its own moment, whether it writes or not', async (store) => {
    const made = await commit(store, [], { 'r/1': 1, 's/1': 1, other: 1 });
    const read = ['r/', 's/', 'none/'];
    const refused = await store.transact({ when: [{ key: 'r/1', revision: 0 }], write: [], read });
    assert.deepEqual(refused, {
      ok: false,
      conflicts: [{ key: 'r/1', revision: made }],
      entries: [
        { key: 'r/1', value: 1, revision: made },
        { key: 's/1', value: 1, revision: made },
      ],
    });
    const write = [
      { key: 'r/2', value: 2 },
      { key: 's/1', value: undefined },
    ];
    const done = await store.transact({ when: [{ key: 'r/1', revision: made }], write, read });
    const revision = done.ok ? done.revision : -1;
    assert.deepEqual(done, {
      ok: true,
      revision,
      entries: [
        { key: 'r/1', value: 1, revision: made },
        { key: 'r/2', value: 2, revision },
      ],
    });
  });

  rule('of many transactions on one revision exactly one succeeds', async (store) => {
    const base = await commit(store, [], { counter: 0 });
    const tries = Array.from({ length: 20 }, (_, value) =>
      store.transact({ when: [{ key: 'counter', revision: base }], write: [{ key: 'counter', value }] }),
    );
    const won = (await Promise.all(tries)).filter(({ ok }) => ok);
    assert.equal(won.length, 1);
  });

  rule('a deleted key reads as absent and can be made again', async (store) => {
    const made = await commit(store, [], { x: 1 });
    await commit(store, [{ key: 'x', revision: made }], { x: undefined });
    assert.deepEqual((await store.read('x')).entries, []);
    const again = await commit(store, [{ key: 'x', revision: 0 }], { x: 2 });
    assert.equal((await store.read('x')).entries[0]?.revision, again);
  });

  rule('a watch gives what changed after the revision, then each change as it happens', async (store) => {
    const base = await commit(store, [], { 'w/0': 0 });
    const one = await commit(store, [], { 'w/1': 1, 'w/2': 2, other: 9 });
    const stop = new AbortController();
    const watched = store.watch('w/', base, stop.signal)[Symbol.asyncIterator]();
    assert.deepEqual(await take(watched), {
      revision: one,
      entries: [
        { key: 'w/1', value: 1, revision: one },
        { key: 'w/2', value: 2, revision: one },
      ],
    });
    const next = take(watched);
    await commit(store, [], { other: 10 });
    const two = await commit(store, [], { 'w/1': undefined });
    assert.deepEqual(await next, {
      revision: two,
      entries: [{ key: 'w/1', value: undefined, revision: two }],
    });
    stop.abort();
    assert.equal((await watched.next()).done, true);
  });

  rule('a watch misses nothing and repeats nothing while many transactions run', async (store) => {
    const stop = new AbortController();
    const { revision } = await store.read('');
    const seen: unknown[] = [];
    const watching = (async () => {
      for await (const { entries } of store.watch('n/', revision, stop.signal)) {
        seen.push(...entries.map(({ value }) => value));
        if (seen.length >= 200) break;
      }
    })();
    for (let n = 0; n < 200; n += 1) await commit(store, [], { 'n/x': n });
    await watching;
    assert.deepEqual(
      seen,
      Array.from({ length: 200 }, (_, n) => n),
    );
    stop.abort();
  });

  rule('two watches each see every change', async (store) => {
    const stop = new AbortController();
    const watches = ['t/', 't/a'].map((prefix) =>
      store.watch(prefix, 0, stop.signal)[Symbol.asyncIterator](),
    );
    const firsts = watches.map(take);
    const revision = await commit(store, [], { 't/a': 1 });
    assert.deepEqual(
      (await Promise.all(firsts)).map((changes) => changes.revision),
      [revision, revision],
    );
    stop.abort();
  });

  if (reopen === undefined) return;
  test('what was committed is there after the process died', async () => {
    const store = await open();
    const now = await commit(store, [], { kept: { intent: 'inService' } });
    const soon = await store.transact({ when: [], write: [{ key: 'state', value: 'ISP' }], durable: 'soon' });
    const again = await reopen(store);
    try {
      const { revision, entries } = await again.read('');
      assert.equal(revision, soon.ok ? soon.revision : -1);
      assert.deepEqual(
        entries.map(({ key }) => key),
        ['kept', 'state'],
      );
      assert.equal(entries[0]?.revision, now);
      const stop = new AbortController();
      const watched = again.watch('', 0, stop.signal)[Symbol.asyncIterator]();
      assert.equal((await take(watched)).revision, now);
      stop.abort();
    } finally {
      await again.close();
    }
  });
}

async function commit(
  store: ClusterStore,
  conditions: { key: string; revision: number }[],
  values: Record<string, unknown>,
): Promise<number> {
  const write = Object.entries(values).map(([key, value]) => ({ key, value }));
  const committed = await store.transact({ when: conditions, write });
  assert.equal(committed.ok, true);
  return committed.ok ? committed.revision : -1;
}

async function take(watched: AsyncIterator<Changes>): Promise<Changes> {
  const { value, done } = await watched.next();
  assert.notEqual(done, true);
  return value as Changes;
}
