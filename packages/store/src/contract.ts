/*
 * The contract of every store of a cluster: revisioned keys, transactions that compare before they set, and a watch
 * that misses nothing from a revision on. The words are etcd's.
 */

/** One key as it stands. The revision is that of its last change; the store's own rises with each transaction. */
export type Entry = Readonly<{ key: string; value: unknown; revision: number }>;

/** The key is still at this revision; 0 says that it is not there. */
export type Unchanged = Readonly<{ key: string; revision: number }>;

/** The key is there with this value; the order of the fields of an object does not matter. */
export type Holds = Readonly<{ key: string; value: unknown }>;

export type Condition = Unchanged | Holds;

/** A value that JSON can carry; undefined deletes the key. A transaction writes a key once. */
export type Write = Readonly<{ key: string; value: unknown }>;

export type Transaction = Readonly<{
  /** All of them must hold, or nothing is written. */
  when: readonly Condition[];
  write: readonly Write[];
  /** Prefixes to read in the same moment: after the writes, or as it stands where a condition did not hold. */
  read?: readonly string[];
  /**
   * `now`, the default: a power cut after the answer loses nothing. `soon`: the death of the process loses nothing,
   * a power cut may lose the last moments. For what the node would find out again by looking.
   */
  durable?: 'now' | 'soon';
  /** After so long it is answered, or told as `OutcomeUnknown`. A store in this process answers at once. */
  withinMs?: number;
}>;

/** `entries` is what was to be read, sorted by key within each prefix; it is there when `read` was given. */
export type Committed =
  | Readonly<{ ok: true; revision: number; entries?: readonly Entry[] }>
  /** The conditions that did not hold, with what stands there. */
  | Readonly<{ ok: false; conflicts: readonly Unchanged[]; entries?: readonly Entry[] }>;

/** All keys that begin with a prefix, as of one revision, sorted by key. */
export type Snapshot = Readonly<{ revision: number; entries: readonly Entry[] }>;

/** What one transaction changed below the watched prefix. A deleted key has the value undefined. */
export type Changes = Readonly<{ revision: number; entries: readonly Entry[] }>;

export type ClusterStore = Readonly<{
  /** What stands now: no transaction that was answered before it was asked is missing. Throws `StoreUnreachable`. */
  read: (prefix: string) => Promise<Snapshot>;
  /**
   * Answers only what is certain. Throws `OutcomeUnknown` when it may have been committed, or may still be;
   * everything else that it throws says that nothing was written and nothing will be.
   */
  transact: (transaction: Transaction) => Promise<Committed>;
  /**
   * Every change after the revision, in order, none twice; then each as it happens, until the signal aborts. A
   * connection that breaks or falls silent is replaced by another, and nothing is missed by that.
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

/**
 * The transaction was sent and no answer came: it may have been committed, and it may still be, much later, when a
 * member of the store that hung goes on. Reading does not settle it; only a transaction that changes one of the keys
 * in its conditions does.
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** No member of the store answered in time. Nothing was written. */
export class StoreUnreachable extends Error {
  override readonly name = 'StoreUnreachable';
}

/** The store answered that it will not: a limit, a right that is missing, no room. Nothing was written. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
}
