import {
  type Changes,
  type ClusterStore,
  type Committed,
  Compacted,
  OutcomeUnknown,
  type Snapshot,
  StoreUnreachable,
  type Transaction,
} from '@holdfast/store';
import type { Random } from '../simulate/random.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedEtcd } from './simulatedEtcd.ts';
import type { SimulatedProcess } from './simulatedProcess.ts';

type Cut = 'whole' | 'requests' | 'answers';

const requestWithinMs = 5_000;
/** So long after the path is whole again, a watch has found its way to the store. */
const reconnectMs = 300;

/** What a store is told with each call, for those who judge. */
export type Sent = Readonly<{ transaction: Transaction; process: SimulatedProcess; sentAt: number }>;

/** The way between one node and the store: late, lossy, or cut, in one direction or both. */
export class StorePath {
  readonly #etcd: SimulatedEtcd;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #watches = new Set<() => void>();
  #cut: Cut | undefined;
  #slowUntil = 0;
  #slowBy = 0;
  #areReadsSlow = true;
  #lagsUntil = 0;
  /** Told of each transaction in the moment in which it takes effect. */
  onArrival: (sent: Sent, committed: Committed) => void = () => undefined;

  constructor(etcd: SimulatedEtcd, scheduler: Scheduler, random: Random) {
    this.#etcd = etcd;
    this.#scheduler = scheduler;
    this.#random = random;
  }

  cut(how: Cut): void {
    this.#cut = how;
  }

  heal(): void {
    this.#cut = undefined;
    this.#slowUntil = 0;
    this.#lagsUntil = 0;
    for (const catchUp of this.#watches) this.#scheduler.after(reconnectMs, catchUp);
  }

  slow(span: number, by: number, { readsToo = true } = {}): void {
    this.#slowUntil = this.#scheduler.now + span;
    this.#slowBy = by;
    this.#areReadsSlow = readsToo;
  }

  lag(span: number): void {
    this.#lagsUntil = this.#scheduler.now + span;
  }

  /** The store as one process on the node has it open. `onSeen` hears up to which revision the process knows of all. */
  open(process: SimulatedProcess, onSeen: (revision: number) => void): ClusterStore {
    return {
      read: (prefix) =>
        this.#ask(
          process,
          requestWithinMs,
          true,
          () => {
            const snapshot = this.#etcd.snapshot(prefix);
            return { value: snapshot, seen: prefix === '' ? snapshot.revision : 0 };
          },
          onSeen,
        ) as Promise<Snapshot>,
      transact: (transaction) => {
        const sentAt = process.machine.uptime();
        return this.#ask(
          process,
          transaction.withinMs ?? requestWithinMs,
          false,
          () => {
            const committed = this.#etcd.transact(transaction);
            this.onArrival({ transaction, process, sentAt }, committed);
            const isWhole = transaction.read?.includes('') === true;
            return { value: committed, seen: isWhole ? this.#etcd.revision : 0 };
          },
          onSeen,
        );
      },
      watch: (prefix, after, signal) => this.#watch(process, prefix, { after, signal, onSeen }),
      close: async () => undefined,
    };
  }

  /** Out, a moment in the store, and back. */
  #ask<Value>(
    process: SimulatedProcess,
    withinMs: number,
    isRead: boolean,
    act: () => { value: Value; seen: number },
    onSeen: (revision: number) => void,
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      // A way that is cut is seen at once, or not at all.
      const isRefused = this.#cut !== undefined && this.#cut !== 'answers' && this.#random.often(0.3);
      const giveUp = process.after(isRefused ? this.#random.between(1, 500) : withinMs, () =>
        reject(
          isRefused || isRead
            ? new StoreUnreachable('no member answered')
            : new OutcomeUnknown('the transaction was sent, and no answer came'),
        ),
      );
      if (isRefused || this.#isLost('requests', isRead)) return;
      this.#scheduler.after(this.#delay(isRead), () => {
        const { value, seen } = act();
        if (this.#isLost('answers', isRead)) return;
        this.#scheduler.after(this.#delay(isRead), () =>
          process.deliver(() => {
            giveUp();
            if (seen > 0) onSeen(seen);
            resolve(value);
          }),
        );
      });
    });
  }

  #watch(
    process: SimulatedProcess,
    prefix: string,
    given: { after: number; signal: AbortSignal; onSeen: (revision: number) => void },
  ): AsyncIterable<Changes> {
    const { signal, onSeen } = given;
    const ready: Changes[] = [];
    let waiting: PromiseWithResolvers<IteratorResult<Changes>> | undefined;
    let sentUpTo = given.after;
    let nextAt = 0;
    let isCompacted = false;
    const take = (changes: Changes): void => {
      if (signal.aborted) return;
      onSeen(changes.revision);
      const entries = changes.entries.filter(({ key }) => key.startsWith(prefix));
      if (entries.length === 0) return;
      if (waiting === undefined) ready.push({ ...changes, entries });
      else waiting.resolve({ done: false, value: { ...changes, entries } });
      waiting = undefined;
    };
    const send = (changes: Changes): void => {
      if (this.#cut === 'whole' || this.#cut === 'answers') return;
      sentUpTo = changes.revision;
      const { now } = this.#scheduler;
      const lag = now < this.#lagsUntil ? this.#random.between(0, 5_000) : 0;
      nextAt = Math.max(nextAt, now + this.#delay(true) + lag);
      this.#scheduler.after(nextAt - now, () => process.deliver(() => take(changes)));
    };
    const catchUp = (): void => {
      const missed = this.#etcd.since(sentUpTo);
      // Whoever was away for long may come back to a store that has forgotten.
      if (missed.length > 50 && this.#random.often(0.3)) {
        process.deliver(() => {
          isCompacted = true;
          waiting?.reject(new Compacted('what was changed since is no longer kept'));
          end();
        });
      } else for (const changes of missed) send(changes);
    };
    const listening = this.#etcd.listen((changes) => {
      if (sentUpTo === changes.revision - 1) send(changes);
    });
    const end = (): void => {
      listening();
      this.#watches.delete(catchUp);
      waiting?.resolve({ done: true, value: undefined });
      waiting = undefined;
    };
    catchUp();
    this.#watches.add(catchUp);
    signal.addEventListener('abort', end, { once: true });
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          if (isCompacted) throw new Compacted('what was changed since is no longer kept');
          if (signal.aborted) return { done: true, value: undefined };
          const first = ready.shift();
          if (first !== undefined) return { done: false, value: first };
          waiting = Promise.withResolvers();
          return waiting.promise;
        },
        return: async () => {
          end();
          return { done: true, value: undefined };
        },
      }),
    };
  }

  #isLost(direction: 'requests' | 'answers', isRead: boolean): boolean {
    if (this.#cut === 'whole' || this.#cut === direction) return true;
    return this.#isSlow(isRead) && this.#random.often(0.3);
  }

  #delay(isRead: boolean): number {
    return this.#random.between(1, 3) + (this.#isSlow(isRead) ? this.#random.between(0, this.#slowBy) : 0);
  }

  #isSlow(isRead: boolean): boolean {
    return this.#scheduler.now < this.#slowUntil && (this.#areReadsSlow || !isRead);
  }
}
