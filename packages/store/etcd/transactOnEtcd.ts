import {
  type Committed,
  type Condition,
  canonicalJson,
  type Entry,
  StoreRefused,
  type Transaction,
  type Unchanged,
} from '../src/index.ts';
import type { Keys } from './keys.ts';
import {
  compareRevision,
  compareValue,
  deleteStep,
  putStep,
  rangeRequest,
  rangeStep,
  type TransactAnswer,
  transactRequest,
} from './wire/messages.ts';

/** A transaction as etcd takes it: compare, then either write and read, or look at what did not hold and read. */
export function toRequest({ when, write, read = [] }: Transaction, keys: Keys): Uint8Array {
  const reads = read.map((prefix) => rangeStep(rangeRequest(keys.below(prefix))));
  return transactRequest(
    when.map((condition) => compare(condition, keys)),
    [...write.map((one) => step(one, keys)), ...reads],
    [...when.map(({ key }) => rangeStep(rangeRequest({ key: keys.full(key) }))), ...reads],
  );
}

/** Throws `StoreRefused` for what etcd would not take, before it is sent. */
export function refuseTooLarge({ when, write, read = [] }: Transaction, operationsMax: number): void {
  const count = read.length + Math.max(when.length, write.length);
  if (count > operationsMax)
    throw new StoreRefused(
      `a transaction of ${count} operations is more than etcd takes (${operationsMax}): ` +
        'start every member with a larger --max-txn-ops, and set operationsMax to it',
    );
}

export function fromAnswer(
  { header, succeeded, ranges }: TransactAnswer,
  { when, read }: Transaction,
  keys: Keys,
): Committed {
  const entriesFrom = (first: number): { entries?: readonly Entry[] } =>
    read === undefined
      ? {}
      : { entries: ranges.slice(first).flatMap(({ entries }) => entries.map(keys.entry)) };
  if (succeeded) return { ok: true, revision: header.revision, ...entriesFrom(0) };
  const conflicts: Unchanged[] = [];
  for (const [index, condition] of when.entries()) {
    const standing = ranges[index]?.entries[0];
    const revision = standing?.modRevision ?? 0;
    const holds =
      'revision' in condition
        ? revision === condition.revision
        : standing !== undefined && Buffer.from(standing.value).toString() === canonicalJson(condition.value);
    if (!holds) conflicts.push({ key: condition.key, revision });
  }
  return { ok: false, conflicts, ...entriesFrom(when.length) };
}

function compare(condition: Condition, keys: Keys): Uint8Array {
  const key = keys.full(condition.key);
  return 'revision' in condition
    ? compareRevision(key, condition.revision)
    : compareValue(key, canonicalJson(condition.value));
}

function step({ key, value }: Readonly<{ key: string; value: unknown }>, keys: Keys): Uint8Array {
  return value === undefined ? deleteStep(keys.full(key)) : putStep(keys.full(key), canonicalJson(value));
}
