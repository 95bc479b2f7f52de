import {
  type Changes,
  type Committed,
  type Entry,
  holds,
  type Snapshot,
  type Transaction,
} from '@holdfast/store';

type Listener = (changes: Changes) => void;

/**
 * The store of a cluster as it really stands: a transaction takes effect in the moment in which it arrives. What becomes of
 * requests, answers and events on their way is the business of `StorePath`.
 */
export class SimulatedEtcd {
  readonly #entries = new Map<string, Entry>();
  readonly #history: Changes[] = [];
  readonly #listeners = new Set<Listener>();
  #revision = 0;
  /** Asked of each transaction before it takes effect, and told of what it changed. */
  onCommit: (changes: Changes, before: ReadonlyMap<string, Entry>) => void = () => undefined;

  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  valueOf(key: string): unknown {
    return this.#entries.get(key)?.value;
  }

  get revision(): number {
    return this.#revision;
  }

  snapshot(prefix: string): Snapshot {
    const entries = [...this.#entries.values()].filter(({ key }) => key.startsWith(prefix));
    return { revision: this.#revision, entries: entries.sort(byKey) };
  }

  transact({ when, write, read }: Transaction): Committed {
    const conflicts = when
      .filter((condition) => !holds(condition, this.#entries.get(condition.key)))
      .map(({ key }) => ({ key, revision: this.#entries.get(key)?.revision ?? 0 }));
    if (conflicts.length > 0) return { ok: false, conflicts, ...this.#alsoRead(read) };
    this.#revision += 1;
    const revision = this.#revision;
    const entries = write.map(({ key, value }) => ({ key, value: carried(value), revision })).sort(byKey);
    const before = new Map(
      entries.flatMap(({ key }) => {
        const entry = this.#entries.get(key);
        return entry === undefined ? [] : [[key, entry] as const];
      }),
    );
    for (const entry of entries) {
      if (entry.value === undefined) this.#entries.delete(entry.key);
      else this.#entries.set(entry.key, entry);
    }
    const changes = { revision, entries };
    this.#history.push(changes);
    this.onCommit(changes, before);
    for (const listener of this.#listeners) listener(changes);
    return { ok: true, revision, ...this.#alsoRead(read) };
  }

  /** Each transaction as it happens. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Each transaction after a revision. Revisions count up one by one, so the first is found by its number. */
  since(after: number): readonly Changes[] {
    return this.#history.slice(after);
  }

  #alsoRead(prefixes: readonly string[] | undefined): { entries?: readonly Entry[] } {
    return prefixes === undefined
      ? {}
      : { entries: prefixes.flatMap((prefix) => this.snapshot(prefix).entries) };
  }
}

function byKey(a: Entry, b: Entry): number {
  return a.key < b.key ? -1 : 1;
}

/** A value as JSON carries it; frozen, so that nobody changes what others read. */
function carried(value: unknown): unknown {
  return value === undefined ? undefined : frozen(JSON.parse(JSON.stringify(value)));
}

function frozen(value: unknown): unknown {
  if (value !== null && typeof value === 'object') {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}
