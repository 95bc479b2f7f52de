/*
 * The contract of every store of a cluster: revisioned keys, transactions that compare before they set, and a watch
 * that misses nothing from a revision on. The words are etcd's.
 */

/** One key as it stands. The revision is that of its last change; the store's own rises with each transaction. */
export type Entry = Readonly<{ key: string; value: unknown; revision: number }>;

/** The key is still at this revision; 0 says that it is not there. */
export type Unchanged = Readonly<{ key: string; revision: number }>;

/** A value that JSON can carry; undefined deletes the key. */
export type Write = Readonly<{ key: string; value: unknown }>;

export type Transaction = Readonly<{
  /** All of them must hold, or nothing is written. */
  when: readonly Unchanged[];
  write: readonly Write[];
  /**
   * `now`, the default: a power cut after the answer loses nothing. `soon`: the death of the process loses nothing,
   * a power cut may lose the last moments. For what the node would find out again by looking.
   */
  durable?: 'now' | 'soon';
}>;

export type Committed =
  | Readonly<{ ok: true; revision: number }>
  /** The conditions that did not hold, with what stands there. */
  | Readonly<{ ok: false; conflicts: readonly Unchanged[] }>;

/** All keys that begin with a prefix, as of one revision, sorted by key. */
export type Snapshot = Readonly<{ revision: number; entries: readonly Entry[] }>;

/** What one transaction changed below the watched prefix. A deleted key has the value undefined. */
export type Changes = Readonly<{ revision: number; entries: readonly Entry[] }>;

export type ClusterStore = Readonly<{
  read: (prefix: string) => Promise<Snapshot>;
  transact: (transaction: Transaction) => Promise<Committed>;
  /**
   * Every change after the revision, in order, none twice; then each as it happens, until the signal aborts.
   * Throws `Compacted` when changes since the revision are no longer kept: read again, and watch from there.
   */
  watch: (prefix: string, after: number, signal: AbortSignal) => AsyncIterable<Changes>;
  close: () => Promise<void>;
}>;

/** The store no longer keeps what changed since then. */
export class Compacted extends Error {
  override readonly name = 'Compacted';
}

/** Another process has the store open; two agents on one state directory would act on one node twice. */
export class StoreInUse extends Error {
  override readonly name = 'StoreInUse';
}
