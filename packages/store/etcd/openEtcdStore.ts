import {
  type Changes,
  type ClusterStore,
  type Committed,
  OutcomeUnknown,
  type Snapshot,
  type Transaction,
} from '../src/index.ts';
import { Caller } from './caller.ts';
import { type EtcdOptions, etcdSettings } from './etcdSettings.ts';
import { keysBelow } from './keys.ts';
import { Login } from './login.ts';
import { Members } from './members.ts';
import { fromAnswer, refuseTooLarge, toRequest } from './transactOnEtcd.ts';
import { watchEtcd } from './watchEtcd.ts';
import { methods, rangeRequest, readRange, readTransact } from './wire/messages.ts';

/**
 * The store of many nodes: an etcd of three members or more. Nothing is connected before the first request. `durable`
 * is always `now`: etcd answers after a majority of its members has written to disk.
 */
export function openEtcdStore(options: EtcdOptions): ClusterStore {
  const settings = etcdSettings.parse(options);
  const keys = keysBelow(settings.prefix);
  const members = new Members(settings);
  const login = new Login(settings.user);
  const caller = new Caller({ members, login, suspectAfterMs: settings.suspectAfterMs });
  const closing = new AbortController();

  return { read, transact, watch, close };

  async function read(prefix: string): Promise<Snapshot> {
    const known = members.revision;
    const { member, answer } = await caller.ask({
      method: methods.range,
      message: rangeRequest(keys.below(prefix)),
      withinMs: settings.requestWithinMs,
      isRead: true,
    });
    const { header, entries } = readRange(answer);
    members.accept(member, header, known);
    return { revision: header.revision, entries: entries.map(keys.entry) };
  }

  async function transact(transaction: Transaction): Promise<Committed> {
    refuseTooLarge(transaction, settings.operationsMax);
    const known = members.revision;
    const { member, answer } = await caller.ask({
      method: methods.transact,
      message: toRequest(transaction, keys),
      withinMs: transaction.withinMs ?? settings.requestWithinMs,
      isRead: transaction.write.length === 0,
    });
    const read = understood(() => {
      const parsed = readTransact(answer);
      members.accept(member, parsed.header, known);
      return parsed;
    });
    return fromAnswer(read, transaction, keys);
  }

  async function* watch(prefix: string, after: number, signal: AbortSignal): AsyncGenerator<Changes> {
    const ending = AbortSignal.any([signal, closing.signal]);
    yield* watchEtcd({ members, login, keys, settings }, { prefix, after, signal: ending });
  }

  async function close(): Promise<void> {
    closing.abort();
    members.close();
  }
}

/** An answer that makes no sense, or comes from the wrong cluster, leaves open what was done. */
function understood<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new OutcomeUnknown(`etcd's answer cannot be trusted: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
