import { type Committed, type Entry, holds, type Transaction } from '@holdfast/store';

/** A store whose transactions take effect in the moment of the call; delays and losses are made around it. */
export class SimulatedStore {
  readonly #entries = new Map<string, Entry>();
  #revision = 0;
  readonly #tell: (changes: readonly Entry[]) => void;

  constructor(tell: (changes: readonly Entry[]) => void) {
    this.#tell = tell;
  }

  all(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  valueOf<Value>(key: string): Value | undefined {
    return this.#entries.get(key)?.value as Value | undefined;
  }

  transact({ when, write, read = [] }: Transaction): Committed {
    const conflicts = when
      .filter((condition) => !holds(condition, this.#entries.get(condition.key)))
      .map(({ key }) => ({ key, revision: this.#entries.get(key)?.revision ?? 0 }));
    const seen = (): readonly Entry[] =>
      this.all().filter(({ key }) => read.some((prefix) => key.startsWith(prefix)));
    if (conflicts.length > 0) return { ok: false, conflicts, entries: seen() };
    this.#revision += 1;
    const entries = write.map(({ key, value }) => ({ key, value, revision: this.#revision }));
    for (const entry of entries) {
      if (entry.value === undefined) this.#entries.delete(entry.key);
      else this.#entries.set(entry.key, entry);
    }
    this.#tell(entries);
    return { ok: true, revision: this.#revision, entries: seen() };
  }
}
