import {
  bytesField,
  type Field,
  join,
  numberField,
  readFields,
  toBytes,
  toNumber,
  toText,
} from './protobuf.ts';

/*
 * Those of etcd's messages that the store uses (etcd's api/etcdserverpb/rpc.proto and api/mvccpb/kv.proto, the same in
 * 3.4, 3.5 and 3.6). The numbers are those of the fields.
 */

export const methods = {
  range: '/etcdserverpb.KV/Range',
  transact: '/etcdserverpb.KV/Txn',
  watch: '/etcdserverpb.Watch/Watch',
  authenticate: '/etcdserverpb.Auth/Authenticate',
  status: '/etcdserverpb.Maintenance/Status',
  members: '/etcdserverpb.Cluster/MemberList',
} as const;

/** Which cluster answered, and its revision at that moment. */
export type Header = Readonly<{ cluster: string; revision: number }>;
export type KeyValue = Readonly<{ key: string; value: Uint8Array; modRevision: number }>;
export type RangeAnswer = Readonly<{ header: Header; entries: readonly KeyValue[] }>;
export type TransactAnswer = Readonly<{ header: Header; succeeded: boolean; ranges: readonly RangeAnswer[] }>;
export type WatchAnswer = Readonly<{
  header: Header;
  created: boolean;
  canceled: boolean;
  compactRevision: number;
  cancelReason: string;
  events: readonly (KeyValue & { deleted: boolean })[];
}>;

/** A key, or with an end every key from it up to, and without, the end. */
export type KeyRange = Readonly<{ key: string; end?: Uint8Array }>;

/** Every key that begins with the prefix; etcd compares bytes. */
export function everyKeyWith(prefix: string): KeyRange {
  const end = Buffer.from(prefix);
  const last = end.length - 1;
  // The last byte of UTF-8 is at most 0xf4, so one more never overflows.
  end[last] = end[last]! + 1;
  return { key: prefix, end };
}

export function rangeRequest({ key, end }: KeyRange, options: { keysOnly?: boolean } = {}): Uint8Array {
  return join([bytesField(1, key), bytesField(2, end), numberField(8, options.keysOnly === true ? 1 : 0)]);
}

export const compareRevision = (key: string, revision: number): Uint8Array =>
  // A zero is written out: it is a member of a oneof, where absent would mean that none was chosen.
  join([numberField(2, 2), bytesField(3, key), Uint8Array.of((6 << 3) | 0), varintOf(revision)]);

export const compareValue = (key: string, value: string): Uint8Array =>
  join([numberField(2, 3), bytesField(3, key), bytesField(7, value)]);

export const rangeStep = (range: Uint8Array): Uint8Array => bytesField(1, range);
export const putStep = (key: string, value: string): Uint8Array =>
  bytesField(2, join([bytesField(1, key), bytesField(2, value)]));
export const deleteStep = (key: string): Uint8Array => bytesField(3, bytesField(1, key));

export function transactRequest(
  compare: readonly Uint8Array[],
  success: readonly Uint8Array[],
  failure: readonly Uint8Array[],
): Uint8Array {
  return join([
    ...compare.map((one) => bytesField(1, one)),
    ...success.map((one) => bytesField(2, one)),
    ...failure.map((one) => bytesField(3, one)),
  ]);
}

export function watchRequest({ key, end }: KeyRange, startRevision: number): Uint8Array {
  return bytesField(1, join([bytesField(1, key), bytesField(2, end), numberField(3, startRevision)]));
}

/** Asks etcd to say at which revision the watch stands: whoever answers is alive. */
export const progressRequest = (): Uint8Array => bytesField(3, new Uint8Array());

export const authenticateRequest = (name: string, password: string): Uint8Array =>
  join([bytesField(1, name), bytesField(2, password)]);

export function readRange(message: Uint8Array): RangeAnswer {
  let header = noHeader;
  const entries: KeyValue[] = [];
  for (const { number, value } of readFields(message)) {
    if (number === 1) header = readHeader(toBytes(value));
    else if (number === 2) entries.push(readKeyValue(toBytes(value)));
  }
  return { header, entries };
}

export function readTransact(message: Uint8Array): TransactAnswer {
  let header = noHeader;
  let succeeded = false;
  const ranges: RangeAnswer[] = [];
  for (const { number, value } of readFields(message)) {
    if (number === 1) header = readHeader(toBytes(value));
    else if (number === 2) succeeded = toNumber(value) !== 0;
    else if (number === 3) {
      for (const step of readFields(toBytes(value)))
        if (step.number === 1) ranges.push(readRange(toBytes(step.value)));
    }
  }
  return { header, succeeded, ranges };
}

export function readWatch(message: Uint8Array): WatchAnswer {
  const answer = { header: noHeader, created: false, canceled: false, compactRevision: 0, cancelReason: '' };
  const events: (KeyValue & { deleted: boolean })[] = [];
  for (const { number, value } of readFields(message)) {
    if (number === 1) answer.header = readHeader(toBytes(value));
    else if (number === 3) answer.created = toNumber(value) !== 0;
    else if (number === 4) answer.canceled = toNumber(value) !== 0;
    else if (number === 5) answer.compactRevision = toNumber(value);
    else if (number === 6) answer.cancelReason = toText(value);
    else if (number === 11) events.push(readEvent(toBytes(value)));
  }
  return { ...answer, events };
}

export function readToken(message: Uint8Array): string {
  for (const { number, value } of readFields(message)) if (number === 2) return toText(value);
  throw new Error('etcd answered a login without a token');
}

const noHeader: Header = { cluster: '', revision: 0 };

function readHeader(message: Uint8Array): Header {
  let cluster = '';
  let revision = 0;
  for (const { number, value } of readFields(message)) {
    if (number === 1) cluster = (value as Field['value'] & bigint).toString(16);
    else if (number === 3) revision = toNumber(value);
  }
  return { cluster, revision };
}

function readKeyValue(message: Uint8Array): KeyValue {
  let key = '';
  let body = new Uint8Array();
  let modRevision = 0;
  for (const { number, value } of readFields(message)) {
    if (number === 1) key = toText(value);
    else if (number === 3) modRevision = toNumber(value);
    else if (number === 5) body = new Uint8Array(toBytes(value));
  }
  return { key, value: body, modRevision };
}

function readEvent(message: Uint8Array): KeyValue & { deleted: boolean } {
  let deleted = false;
  let entry: KeyValue = { key: '', value: new Uint8Array(), modRevision: 0 };
  for (const { number, value } of readFields(message)) {
    if (number === 1) deleted = toNumber(value) === 1;
    else if (number === 2) entry = readKeyValue(toBytes(value));
  }
  return { ...entry, deleted };
}

function varintOf(value: number): Uint8Array {
  // Bytes of numberField without its tag; 0 is the one number that it leaves out.
  return value === 0 ? Uint8Array.of(0) : numberField(0, value).subarray(1);
}
