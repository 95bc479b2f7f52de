import { setTimeout as pause } from 'node:timers/promises';
import { type Changes, Compacted, StoreRefused } from '../src/index.ts';
import type { EtcdSettings } from './etcdSettings.ts';
import { judgeFailure } from './judgeFailure.ts';
import type { Keys } from './keys.ts';
import type { Login } from './login.ts';
import type { Member, Members } from './members.ts';
import { CallFailed } from './wire/callFailed.ts';
import type { StreamCall } from './wire/connection.ts';
import { methods, progressRequest, readWatch, type WatchAnswer, watchRequest } from './wire/messages.ts';

export type WatchParts = Readonly<{ members: Members; login: Login; keys: Keys; settings: EtcdSettings }>;

const silentRounds = 3;
/** Between two connections, so that a member that ends each at once is not asked without a pause. */
const againAfterMs = 50;

/**
 * Every change below a prefix after a revision, from whichever member answers. A connection that ends, falls silent,
 * has no leader or lags behind is replaced by one to the next member, from the revision that was reached.
 */
export async function* watchEtcd(
  parts: WatchParts,
  request: Readonly<{ prefix: string; after: number; signal: AbortSignal }>,
): AsyncGenerator<Changes> {
  const { members } = parts;
  const { prefix, signal } = request;
  let at = request.after;
  while (!signal.aborted) {
    const member = members.current;
    try {
      for await (const changes of watchOnce(parts, { member, prefix, after: at, signal })) {
        at = changes.revision;
        yield changes;
        if (signal.aborted) return;
      }
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      // A right that is missing or a password that changed would be so at every member.
      if (judgeFailure(error) === 'refused')
        throw new StoreRefused(`${member.url}: ${error.message}`, { cause: error });
    }
    if (signal.aborted) return;
    members.moveOn(member);
    await pause(againAfterMs, undefined, { signal }).catch(() => undefined);
  }
}

async function* watchOnce(
  { members, login, keys, settings }: WatchParts,
  request: Readonly<{ member: Member; prefix: string; after: number; signal: AbortSignal }>,
): AsyncGenerator<Changes> {
  const { member, prefix, signal } = request;
  const headers = await login.headers(member, settings.requestWithinMs);
  const stream = await member.connection.stream(methods.watch, headers);
  const end = (): void => stream.close();
  signal.addEventListener('abort', end, { once: true });
  try {
    if (signal.aborted) return;
    stream.send(watchRequest(keys.below(prefix), request.after + 1));
    let at = request.after;
    for await (const answer of whileAlive(stream, members, settings.progressEveryMs)) {
      members.accept(member, answer.header);
      if (answer.canceled) refuse(answer, login, headers, request.after);
      for (const changes of byRevision(answer, keys)) {
        // etcd may send what it sent before after it gave a watch to another of its parts.
        if (changes.revision <= at) continue;
        at = changes.revision;
        yield changes;
      }
    }
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
    stream.close();
  }
}

/**
 * What etcd says, for as long as it says something. It is asked for its progress again and again; its answer proves
 * that it lives, and nothing more: 3.4 may tell a revision before it has told the changes up to it.
 */
async function* whileAlive(
  stream: StreamCall,
  members: Members,
  everyMs: number,
): AsyncGenerator<WatchAnswer> {
  const messages = stream.messages[Symbol.asyncIterator]();
  let known = members.revision;
  let behindSince: number | undefined;
  for (;;) {
    const { value, done } = await nextWhileAlive(stream, messages, everyMs);
    if (done === true) throw new CallFailed({ why: 'etcd ended the watch', sent: true });
    const answer = readWatch(value);
    yield answer;
    if (answer.header.revision >= known) {
      known = members.revision;
      behindSince = undefined;
    } else behindSince ??= performance.now();
    if (behindSince !== undefined && performance.now() - behindSince > silentRounds * everyMs)
      throw new CallFailed({ why: 'the member lags behind the others', sent: true });
  }
}

/** Silence counts from when we began to listen: our own reader may have taken its time. */
async function nextWhileAlive(
  stream: StreamCall,
  messages: AsyncIterator<Uint8Array>,
  everyMs: number,
): Promise<IteratorResult<Uint8Array>> {
  let rounds = 0;
  const asking = setInterval(() => {
    rounds += 1;
    if (rounds <= silentRounds) stream.send(progressRequest());
    else stream.close(new CallFailed({ why: 'the watch fell silent', sent: true, isLate: true }));
  }, everyMs);
  try {
    return await messages.next();
  } finally {
    clearInterval(asking);
  }
}

function refuse(
  { compactRevision, cancelReason }: WatchAnswer,
  login: Login,
  headers: Readonly<Record<string, string>>,
  after: number,
): never {
  if (compactRevision > 0)
    throw new Compacted(
      `changes up to revision ${compactRevision} are no longer kept; asked for those after ${after}`,
    );
  if (/invalid auth token|revision in header is old/.test(cancelReason)) login.forget(headers);
  else if (/permission denied/.test(cancelReason))
    throw new StoreRefused(`etcd refuses the watch: ${cancelReason}`);
  throw new CallFailed({ why: `etcd cancelled the watch: ${cancelReason}`, sent: true });
}

/** One answer may hold many transactions; one transaction is never divided over two answers. */
function byRevision({ events }: WatchAnswer, keys: Keys): readonly Changes[] {
  const all = new Map<number, Changes['entries'][number][]>();
  for (const event of events) {
    const entry = event.deleted
      ? { ...keys.entry({ ...event, value: Buffer.from('null') }), value: undefined }
      : keys.entry(event);
    const same = all.get(entry.revision);
    if (same === undefined) all.set(entry.revision, [entry]);
    else same.push(entry);
  }
  return [...all].map(([revision, entries]) => ({
    revision,
    entries: entries.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))),
  }));
}
