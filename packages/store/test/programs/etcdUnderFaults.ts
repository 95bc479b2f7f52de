/*
 * Writers, a watcher and a reader on one counter, from inside the lab, while somebody breaks etcd: node
 * etcdUnderFaults.ts OPTIONS. Runs until its standard input ends; then looks at the history, and prints what it found
 * as one line.
 *
 * Each write names the revision that it rests on, so the history must be one chain.
 */
import { type ClusterStore, type Entry, OutcomeUnknown, StoreUnreachable } from '@holdfast/store';
import { type EtcdOptions, openEtcdStore } from '@holdfast/store/etcd';

type Written = Readonly<{ token: string; on: number }>;

const options = JSON.parse(process.argv[2]!) as EtcdOptions;
const turned = (by: number): ClusterStore =>
  openEtcdStore({
    ...options,
    endpoints: options.endpoints.map((_, index, all) => all[(index + by) % all.length]!),
  });
const wrong: string[] = [];
const acknowledged = new Map<string, number>();
const refused = new Set<string>();
const unknown = new Set<string>();
const unreachable = new Set<string>();
let highest = 0;
let longestGapMs = 0;
let longestCallMs = 0;
let isOver = false;

process.stdin.resume().on('end', () => {
  isOver = true;
});

const watcher = turned(2);
const history: Entry[] = [];
const stopWatching = new AbortController();
const { revision: beginning } = await watcher.read('');
const watching = (async () => {
  for await (const { entries } of watcher.watch('counter', beginning, stopWatching.signal))
    history.push(...entries);
})().catch((error: unknown) => {
  wrong.push(`the watch ended: ${error}`);
});

async function write(name: string, store: ClusterStore): Promise<void> {
  let on = 0;
  let lastAt = performance.now();
  for (let n = 0; !isOver; n += 1) {
    const token = `${name}-${n}`;
    const value: Written = { token, on };
    const begun = performance.now();
    try {
      const answer = await store.transact({
        when: [{ key: 'counter', revision: on }],
        write: [{ key: 'counter', value }],
        withinMs: 1_000,
      });
      if (answer.ok) {
        acknowledged.set(token, answer.revision);
        highest = Math.max(highest, answer.revision);
        longestGapMs = Math.max(longestGapMs, performance.now() - lastAt);
        lastAt = performance.now();
        on = answer.revision;
      } else {
        refused.add(token);
        on = answer.conflicts[0]!.revision;
      }
    } catch (error) {
      if (error instanceof OutcomeUnknown) {
        unknown.add(token);
        process.stdout.write('unknown\n');
      } else if (error instanceof StoreUnreachable) unreachable.add(token);
      else throw error;
    }
    longestCallMs = Math.max(longestCallMs, performance.now() - begun);
  }
}

/** A reader of one member alone: also one that was cut off, or slept, never tells what was true before. */
async function read(store: ClusterStore): Promise<number> {
  let last = 0;
  let count = 0;
  while (!isOver) {
    const known = highest;
    try {
      const { revision, entries } = await store.read('counter');
      count += 1;
      if (revision < known || (entries[0]?.revision ?? 0) < known)
        wrong.push(`a read gave revision ${revision} after ${known} was acknowledged`);
      if (revision < last) wrong.push(`a read went back from ${last} to ${revision}`);
      last = revision;
    } catch (error) {
      if (!(error instanceof StoreUnreachable)) throw error;
    }
  }
  return count;
}

const stores = [turned(0), turned(1)];
const readers = options.endpoints.map((endpoint) =>
  openEtcdStore({ ...options, endpoints: [endpoint], requestWithinMs: 1_000 }),
);
const work = Promise.all([...stores.map((store, n) => write(`w${n}`, store)), watching]);
const reads = Promise.all(readers.map(read));
process.stdout.write('ready\n');
const counts = await reads;
// What is still under way at a member that slept is decided by the next write; the watch has all when it has that one.
const last = await finish();
while (history.at(-1)?.revision !== last && performance.now() < 120_000)
  await new Promise((resolve) => setTimeout(resolve, 10));
stopWatching.abort();
await work;
judge();
process.stdout.write(
  `${JSON.stringify({ wrong, acknowledged: acknowledged.size, refused: refused.size, unknown: unknown.size, committedUnknown: history.filter(({ value }) => unknown.has((value as Written).token)).length, unreachable: unreachable.size, reads: counts, longestGapMs: Math.round(longestGapMs), longestCallMs: Math.round(longestCallMs) })}\n`,
);
await Promise.all([watcher, ...stores, ...readers].map((store) => store.close()));

async function finish(): Promise<number> {
  for (;;) {
    const { entries } = await watcher.read('counter');
    const on = entries[0]?.revision ?? 0;
    const answer = await watcher
      .transact({
        when: [{ key: 'counter', revision: on }],
        write: [{ key: 'counter', value: { token: 'last', on } }],
      })
      .catch(() => undefined);
    if (answer?.ok === true) return answer.revision;
  }
}

function judge(): void {
  const seen = new Map<string, number>();
  let before = 0;
  for (const { value, revision } of history) {
    const { token, on } = value as Written;
    if (revision <= before) wrong.push(`the watch gave ${revision} after ${before}`);
    if (on !== before) wrong.push(`${token} at ${revision} rests on ${on}, but ${before} stood there`);
    if (seen.has(token)) wrong.push(`${token} was committed twice`);
    if (refused.has(token) || unreachable.has(token))
      wrong.push(`${token} was told as not written, and is there`);
    seen.set(token, revision);
    before = revision;
  }
  for (const [token, revision] of acknowledged)
    if (seen.get(token) !== revision)
      wrong.push(`${token} was acknowledged at ${revision}, and is at ${seen.get(token)}`);
}
