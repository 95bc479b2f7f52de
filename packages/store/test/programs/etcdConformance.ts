/* Runs the conformance suite from inside the lab, where etcd is: node etcdConformance.ts OPTIONS. A line for each rule. */
import assert from 'node:assert/strict';
import { type ClusterStore, Compacted, StoreRefused, StoreUnreachable } from '@holdfast/store';
import { storeConformance } from '@holdfast/store/conformance';
import { type EtcdOptions, openEtcdStore } from '@holdfast/store/etcd';

const options = JSON.parse(process.argv[2]!) as EtcdOptions;
const rules: { name: string; body: () => Promise<void> }[] = [];
let opened = 0;

storeConformance((name, body) => rules.push({ name, body }), {
  // Each rule has a part of etcd of its own.
  open: async (): Promise<ClusterStore> => {
    opened += 1;
    return openEtcdStore({ ...options, prefix: `/conformance/${opened}/` });
  },
});
await tellAll();

rules.length = 0;
const rule = (
  name: string,
  body: (store: ClusterStore) => Promise<void>,
  own: Partial<EtcdOptions> = {},
): void => {
  rules.push({
    name,
    body: async () => {
      opened += 1;
      const store = openEtcdStore({ ...options, prefix: `/own/${opened}/`, ...own });
      await body(store).finally(() => store.close());
    },
  });
};
const write = ['a', 'b', 'c'].map((key) => ({ key, value: 1 }));

rule(
  'more operations than etcd takes are refused before they are sent',
  async (store) => {
    await assert.rejects(store.transact({ when: [], write }), StoreRefused);
    assert.deepEqual((await store.read('')).entries, []);
  },
  { operationsMax: 2 },
);

rule('a watch from before a compaction is told so', async (store) => {
  const first = await store.transact({ when: [], write });
  const last = await store.transact({ when: [], write });
  const revision = last.ok ? last.revision : -1;
  const answer = await fetch(`${options.endpoints[0]}/v3/kv/compaction`, {
    method: 'POST',
    body: JSON.stringify({ revision, physical: true }),
  });
  assert.equal(answer.status, 200);
  const { signal } = new AbortController();
  const watched = store.watch('', first.ok ? first.revision - 1 : -1, signal)[Symbol.asyncIterator]();
  await assert.rejects(watched.next(), Compacted);
});

// Nobody answers for this address of the lab, and nobody listens at that port.
const vanished = 'http://10.77.0.250:2379';
const refusing = 'http://10.77.0.1:1';
rule(
  'a member that has vanished and one that refuses cost less than a second',
  async (store) => {
    const begun = performance.now();
    const committed = await store.transact({ when: [], write });
    assert.equal(committed.ok, true);
    assert.ok(performance.now() - begun < 1_000, `${performance.now() - begun} ms`);
    const again = performance.now();
    await store.read('');
    assert.ok(performance.now() - again < 250, `${performance.now() - again} ms`);
  },
  { endpoints: [vanished, refusing, ...options.endpoints] },
);

rule(
  'without any member it is told within the time that nothing was written',
  async (store) => {
    const begun = performance.now();
    await assert.rejects(store.transact({ when: [], write, withinMs: 700 }), StoreUnreachable);
    assert.ok(performance.now() - begun < 1_500, `${performance.now() - begun} ms`);
  },
  { endpoints: [refusing, vanished] },
);
await tellAll();

async function tellAll(): Promise<void> {
  for (const { name, body } of rules) {
    const why = await body().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? `${error.name}: ${error.stack}` : String(error)),
    );
    process.stdout.write(`${JSON.stringify({ name, why })}\n`);
  }
}
