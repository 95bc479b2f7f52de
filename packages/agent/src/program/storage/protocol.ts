import type { AgentEvent } from '@holdfast/core';
import type { Transaction } from '@holdfast/store';
import type { JournalEntry } from '../../index.ts';

/*
 * What the agent's thread and the storage thread say to each other. Requests are served one after the other, in the
 * order in which they were sent: what was journaled before a transaction is on the disk when that is answered.
 */

export type StorageOptions = Readonly<{
  storeFile: string;
  journalFile: string;
  session: string;
  keep: { days: number; megabytes: number };
}>;

/** A request of which nobody waits for the answer; it is acknowledged all the same, so that none pile up unseen. */
export type JournalWrite =
  | Readonly<{
      kind: 'begin';
      entry: { id: string; cause: string; at: number; plan: unknown; view: unknown };
    }>
  | Readonly<{ kind: 'record'; event: AgentEvent }>
  | Readonly<{ kind: 'end'; id: string; result: JournalEntry['result']; at: number }>;

export type StorageQuestion =
  | JournalWrite
  | Readonly<{ kind: 'read'; prefix: string }>
  | Readonly<{ kind: 'transact'; transaction: Transaction }>
  | Readonly<{ kind: 'find'; id: string }>
  | Readonly<{ kind: 'decisionOf'; id: string }>
  | Readonly<{ kind: 'list'; max: number }>
  | Readonly<{ kind: 'events'; since: number; max: number }>
  | Readonly<{ kind: 'close' }>;

export type StorageRequest = Readonly<{ number: number; question: StorageQuestion }>;

/** An error crosses threads by its name and its words. */
export type SaidError = Readonly<{ name: string; message: string }>;

export type StorageMessage =
  | Readonly<{ kind: 'open' }>
  | Readonly<{ kind: 'refused'; error: SaidError }>
  | Readonly<{ kind: 'answer'; number: number; value: unknown }>
  | Readonly<{ kind: 'failure'; number: number; error: SaidError }>
  | Readonly<{ kind: 'log'; fields: object; says: string }>;
