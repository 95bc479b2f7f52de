import { type Changes, Compacted } from '../src/index.ts';

/** What a watcher asks the store. */
export type ChangeSource = Readonly<{
  since: (prefix: string, after: number) => readonly Changes[];
  position: () => { revision: number; compacted: number };
}>;

/** Lets each watch read on at its own pace: it is woken by a transaction, and reads from where it stands. */
export class Watchers {
  readonly #source: ChangeSource;
  readonly #sleepers = new Set<() => void>();
  #isClosed = false;

  constructor(source: ChangeSource) {
    this.#source = source;
  }

  wake(): void {
    for (const awake of this.#sleepers) awake();
    this.#sleepers.clear();
  }

  close(): void {
    this.#isClosed = true;
    this.wake();
  }

  async *watch(prefix: string, after: number, signal: AbortSignal): AsyncGenerator<Changes> {
    let at = after;
    while (!signal.aborted && !this.#isClosed) {
      const { revision, compacted } = this.#source.position();
      if (at < compacted)
        throw new Compacted(
          `changes up to revision ${compacted} are no longer kept; asked for those after ${at}`,
        );
      for (const changes of this.#source.since(prefix, at)) {
        yield changes;
        if (signal.aborted || this.#isClosed) return;
      }
      at = Math.max(at, revision);
      if (this.#source.position().revision === at) await this.#nextChange(signal);
    }
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const awake = (): void => {
        this.#sleepers.delete(awake);
        signal.removeEventListener('abort', awake);
        resolve();
      };
      this.#sleepers.add(awake);
      signal.addEventListener('abort', awake, { once: true });
      if (signal.aborted || this.#isClosed) awake();
    });
  }
}
