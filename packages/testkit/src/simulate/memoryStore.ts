import {
  type Changes,
  type ClusterStore,
  type Committed,
  type Entry,
  holds,
  type Snapshot,
  StoreInUse,
  type Transaction,
} from '@holdfast/store';

/** What a memory store keeps: it outlives the agents that open it, as a disk does. */
export class MemoryDisk {
  readonly entries = new Map<string, Entry>();
  readonly history: Changes[] = [];
  revision = 0;
  isOpen = false;
  /** Nothing more can be written. */
  isFull = false;

  valueOf(key: string): unknown {
    return this.entries.get(key)?.value;
  }
}

/** A store in memory, for tests and simulation; it passes the conformance suite of stores. */
export function openMemoryStore(disk: MemoryDisk): ClusterStore {
  if (disk.isOpen) throw new StoreInUse('the store is open already');
  disk.isOpen = true;
  const sleepers = new Set<() => void>();
  let isClosed = false;
  const wake = (): void => {
    for (const awake of [...sleepers]) awake();
    sleepers.clear();
  };
  const snapshot = (prefix: string): Snapshot => {
    const entries = [...disk.entries.values()].filter(({ key }) => key.startsWith(prefix));
    return copyOf({
      revision: disk.revision,
      entries: entries.sort((a, b) => (a.key < b.key ? -1 : 1)),
    });
  };
  const alsoRead = (prefixes: readonly string[] | undefined): { entries?: readonly Entry[] } =>
    prefixes === undefined ? {} : { entries: prefixes.flatMap((prefix) => snapshot(prefix).entries) };
  return {
    read: async (prefix) => snapshot(prefix),
    transact: async ({ when, write, read }: Transaction): Promise<Committed> => {
      if (disk.isFull) throw new Error('no space is left on the device');
      const conflicts = when
        .filter((condition) => !holds(condition, disk.entries.get(condition.key)))
        .map(({ key }) => ({ key, revision: disk.entries.get(key)?.revision ?? 0 }));
      if (conflicts.length > 0) return { ok: false, conflicts, ...alsoRead(read) };
      disk.revision += 1;
      const { revision } = disk;
      const entries = write.map(({ key, value }) => ({ key, value: carried(value), revision }));
      for (const entry of entries) {
        if (entry.value === undefined) disk.entries.delete(entry.key);
        else disk.entries.set(entry.key, entry);
      }
      disk.history.push({ revision, entries: entries.sort((a, b) => (a.key < b.key ? -1 : 1)) });
      wake();
      return { ok: true, revision, ...alsoRead(read) };
    },
    watch: async function* (prefix, after, signal): AsyncGenerator<Changes> {
      let at = after;
      while (!signal.aborted && !isClosed) {
        const next = disk.history.find(({ revision }) => revision > at);
        if (next !== undefined) {
          at = next.revision;
          const entries = next.entries.filter(({ key }) => key.startsWith(prefix));
          if (entries.length > 0) yield copyOf({ revision: at, entries });
          continue;
        }
        await new Promise<void>((resolve) => {
          sleepers.add(resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
    close: async () => {
      isClosed = true;
      disk.isOpen = false;
      wake();
    },
  };
}

/** A caller may change what it was given, or what it gave: neither changes what is kept. */
function copyOf({ revision, entries }: Snapshot): Snapshot {
  return { revision, entries: entries.map((entry) => ({ ...entry, value: carried(entry.value) })) };
}

/** A value as JSON carries it, as with every other store. */
function carried(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
