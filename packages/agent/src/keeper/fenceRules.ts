import type { Millis } from '@holdfast/core';
import type { Transaction, Unchanged } from '@holdfast/store';
import { beatKeys, type SessionRecord, type Standing } from './beatRecords.ts';
import { type FenceRecord, fenceKeys } from './fenceRecord.ts';
import { ifMine, type OwnSession } from './sessionRules.ts';

/*
 * When a node is to be fenced, by whom, and the transactions by which that is asked, confirmed and given up. Only a node
 * whose session lives can write any of them, so nobody fences without a quorum.
 */

/** A request as this node has seen it. */
export type SeenFence = Standing<FenceRecord> &
  Readonly<{
    /** On this node's boot clock. */
    firstSeenAt: Millis;
    /** When the session that asked for it was first seen to be over; undefined while it lives. */
    askerEndedAt: Millis | undefined;
  }>;

export type FenceFacts = Readonly<{
  now: Millis;
  own: OwnSession;
  node: string;
  /** The last session of the node. */
  session: Standing<SessionRecord> | undefined;
  /** When it was first seen to be over. */
  endedAt: Millis | undefined;
  /** A claim of the node that is not clean, of something that should run elsewhere or must not run twice. */
  cause: Readonly<{ hierarchy: string; revision: number }> | undefined;
  fence: SeenFence | undefined;
  /** Of all other nodes. */
  others: readonly SeenFence[];
  turnRevision: number;
  /** So long others go first: the preferred survivor has none of it. */
  delay: Millis;
  retry: Readonly<{ after: Millis; atMost: Millis }>;
  /** So long after a session has ended whatever it began is over. */
  takeAfter: Millis;
}>;

export type FenceVerdict =
  | Readonly<{ fence: true; tries: number }>
  | Readonly<{
      fence: false;
      because: 'lives' | 'no-cause' | 'went-in-order' | 'confirmed' | 'under-way' | 'another-first';
    }>
  | Readonly<{ fence: false; because: 'others-first' | 'tried-again-later'; until: Millis }>;

/** Whether this node is to fence another now. */
export function judgeFence(facts: FenceFacts): FenceVerdict {
  const { now, node, own, session, endedAt, cause, delay, retry } = facts;
  if (node === own.node || session === undefined || session.record.endedBy === undefined)
    return { fence: false, because: 'lives' };
  if (session.record.endedBy === node) return { fence: false, because: 'went-in-order' };
  if (cause === undefined || endedAt === undefined) return { fence: false, because: 'no-cause' };
  // What was asked of an earlier session is void: the node has begun another since.
  const fence = facts.fence?.record.session === session.record.id ? facts.fence : undefined;
  if (fence?.record.state === 'confirmed') return { fence: false, because: 'confirmed' };
  if (fence !== undefined && mayStillAct(fence, facts, own)) return { fence: false, because: 'under-way' };
  if (facts.others.some((one) => mayStillAct(one, facts))) return { fence: false, because: 'another-first' };
  if (fence?.record.state === 'failed') {
    const until = fence.firstSeenAt + waitAfter(fence.record.tries, retry) + delay;
    if (now < until) return { fence: false, because: 'tried-again-later', until };
  } else if (now < endedAt + delay) return { fence: false, because: 'others-first', until: endedAt + delay };
  return { fence: true, tries: (fence?.record.tries ?? 0) + 1 };
}

/**
 * Whether a device may still be at work for a request: not for one of our own that nobody carries out now, and not where
 * the node that asked for it has let go of everything since.
 */
export function mayStillAct(
  { record, askerEndedAt }: SeenFence,
  { now, takeAfter }: Pick<FenceFacts, 'now' | 'takeAfter'>,
  own?: OwnSession,
): boolean {
  if (record.state !== 'asked' && record.isAtWork !== true) return false;
  return record.bySession !== own?.id && (askerEndedAt === undefined || now < askerEndedAt + takeAfter);
}

function waitAfter(tries: number, { after, atMost }: FenceFacts['retry']): Millis {
  return Math.min(after * 2 ** Math.min(tries - 1, 20), atMost);
}

/** `I fence node N, boot B`: if its last session, why it is fenced, and what was asked before are as I read them. */
export function askFence(facts: FenceFacts, says: Pick<FenceRecord, 'at' | 'why' | 'tries'>): Transaction {
  const { own, node, session, cause, fence, turnRevision } = facts;
  const asked: FenceRecord = {
    session: session!.record.id,
    boot: session!.record.boot,
    state: 'asked',
    by: own.node,
    bySession: own.id,
    says: '',
    ...says,
  };
  return {
    when: [
      ifMine(own),
      { key: beatKeys.session(node), revision: session!.revision },
      { key: fenceKeys.fence(node), revision: fence?.revision ?? 0 },
      { key: fenceKeys.turn, revision: turnRevision },
      { key: beatKeys.claim(cause!.hierarchy), revision: cause!.revision },
    ],
    write: [
      { key: fenceKeys.fence(node), value: asked },
      { key: fenceKeys.turn, value: { node, by: own.node, session: own.id } },
    ],
  };
}

/** What became of a request: only of one that is still ours, about a node that has not begun another session. */
export function endFence(
  own: OwnSession,
  node: string,
  asked: Standing<FenceRecord>,
  sessionRevision: number,
  ending: Pick<FenceRecord, 'state' | 'says' | 'at'>,
): Transaction {
  return {
    when: [
      ifMine(own),
      { key: fenceKeys.fence(node), revision: asked.revision },
      { key: beatKeys.session(node), revision: sessionRevision },
    ],
    write: [{ key: fenceKeys.fence(node), value: { ...asked.record, ...ending } }],
    // Where an earlier try of the same came through, and its answer was lost, this shows it.
    read: [fenceKeys.fence(node)],
  };
}

/** What a person confirmed meanwhile stands; that no device is at work for it any more is all that is left to say. */
export function leaveFence(own: OwnSession, node: string, stands: Standing<FenceRecord>): Transaction {
  const { isAtWork: _isAtWork, ...record } = stands.record;
  return {
    when: [ifMine(own), { key: fenceKeys.fence(node), revision: stands.revision }],
    write: [{ key: fenceKeys.fence(node), value: record }],
    read: [fenceKeys.fence(node)],
  };
}

/** A person says that the node is down for sure. It must have no session that lives. */
export function confirmByPerson(
  own: OwnSession,
  node: string,
  session: Standing<SessionRecord>,
  fence: Standing<FenceRecord> | undefined,
  said: Readonly<{ person: string; why: string; at: number }>,
): Transaction {
  const { person, why, at } = said;
  const before = fence?.record.session === session.record.id ? fence.record : undefined;
  // Whoever is at work on it goes on being named: the node does not join before that is over.
  const by =
    before !== undefined && (before.state === 'asked' || before.isAtWork === true)
      ? { by: before.by, bySession: before.bySession, isAtWork: true }
      : { by: own.node, bySession: own.id };
  const confirmed: FenceRecord = {
    session: session.record.id,
    boot: session.record.boot,
    state: 'confirmed',
    ...by,
    person,
    at,
    why,
    tries: before?.tries ?? 0,
    says: `${person} says that it is down`,
  };
  return {
    when: [
      ifMine(own),
      { key: beatKeys.session(node), revision: session.revision },
      { key: fenceKeys.fence(node), revision: fence?.revision ?? 0 },
    ],
    write: [{ key: fenceKeys.fence(node), value: confirmed }],
  };
}

/** A person wants it fenced, also while it lives: its session ends with the request, and so does its right to act. */
export function fenceByPerson(
  own: OwnSession,
  node: string,
  session: Standing<SessionRecord>,
  fence: Standing<FenceRecord> | undefined,
  turnRevision: number,
  said: Readonly<{ person: string; why: string; at: number }>,
): Transaction {
  const { id, boot, endedBy } = session.record;
  const asked: FenceRecord = {
    session: id,
    boot,
    state: 'asked',
    by: own.node,
    bySession: own.id,
    ...said,
    tries: (fence?.record.session === id ? fence.record.tries : 0) + 1,
    says: '',
  };
  const ended: SessionRecord = { ...session.record, endedBy: own.node };
  return {
    when: [
      ifMine(own),
      { key: beatKeys.session(node), revision: session.revision },
      { key: fenceKeys.fence(node), revision: fence?.revision ?? 0 },
      { key: fenceKeys.turn, revision: turnRevision },
    ],
    write: [
      { key: fenceKeys.fence(node), value: asked },
      { key: fenceKeys.turn, value: { node, by: own.node, session: own.id } },
      ...(endedBy === undefined ? [{ key: beatKeys.session(node), value: ended }] : []),
    ],
  };
}

/** What proves that the node of an ended session is down: claims of it and of all before it may be taken at once. */
export function isProvenDown(
  session: Standing<SessionRecord> | undefined,
  fence: Standing<FenceRecord> | undefined,
): fence is Standing<FenceRecord> {
  return (
    fence?.record.state === 'confirmed' &&
    session?.record.endedBy !== undefined &&
    session.record.id === fence.record.session
  );
}

export type JoinVerdict =
  | Readonly<{ join: true; fence: Unchanged; closes: boolean }>
  | Readonly<{ join: false; because: 'is-being-fenced' | 'fenced-in-this-boot'; fence: FenceRecord }>;

/**
 * Whether a node may begin a session, seen by itself and with nothing running: not while somebody may still cut its power,
 * and never in a boot that others were told is down. Where it may, it closes what was asked.
 */
export function judgeJoin(
  node: string,
  boot: string,
  fence: SeenFence | undefined,
  facts: Pick<FenceFacts, 'now' | 'takeAfter'>,
): JoinVerdict {
  const condition = { key: fenceKeys.fence(node), revision: fence?.revision ?? 0 };
  if (fence === undefined) return { join: true, fence: condition, closes: false };
  const { record } = fence;
  if (mayStillAct(fence, facts)) return { join: false, because: 'is-being-fenced', fence: record };
  if (record.state === 'confirmed' && record.boot === boot)
    return { join: false, because: 'fenced-in-this-boot', fence: record };
  return { join: true, fence: condition, closes: true };
}
