import type { BeatTimes, Millis } from '@holdfast/core';
import type { Transaction, Unchanged, Write } from '@holdfast/store';
import {
  type BeatRecord,
  beatKeys,
  type HeldClaim,
  type SessionRecord,
  type Standing,
} from './beatRecords.ts';

/*
 * The transactions by which sessions begin, live and end. Each is conditioned on what its writer had read, so that
 * one that comes late, from an earlier life or after a long sleep, changes nothing.
 */

/** A session of ours as it was when we last heard: every transaction of ours is conditioned on it. */
export type OwnSession = Readonly<{
  node: string;
  id: string;
  boot: string;
  revision: number;
  /** A watchdog takes this node down when the right is over and nobody lets go. */
  watchdog?: boolean;
}>;

/** A claim of ours in this boot, to be carried over into the session that begins. */
export type Adopted = Readonly<{ hierarchy: string; claim: Standing<HeldClaim> }>;

/**
 * Begins a session: `if the session record is unchanged since I read it`, else a late one from an earlier boot would
 * end a live one. What runs here while it begins must be in `adopted`, and may be there only while the session that
 * held it has not been ended: its claims change hands in the same moment, or nothing happens.
 */
export function beginSession(
  request: Readonly<{
    node: string;
    session: SessionRecord;
    attempt: number;
    before: Standing<SessionRecord> | undefined;
    adopted: readonly Adopted[];
    /** What was asked about this node's fence, as it was read, and whether it is closed with this. */
    fence?: Readonly<{ condition: Unchanged; closes: boolean }> | undefined;
  }>,
): Transaction {
  const { node, session, attempt, before, adopted, fence } = request;
  const first: BeatRecord = { session: session.id, count: 0, attempt };
  return {
    when: [
      { key: beatKeys.session(node), revision: before?.revision ?? 0 },
      ...(fence === undefined ? [] : [fence.condition]),
      ...adopted.map(({ hierarchy, claim }) => ({
        key: beatKeys.claim(hierarchy),
        revision: claim.revision,
      })),
    ],
    write: [
      { key: beatKeys.session(node), value: session },
      { key: beatKeys.beat(node), value: first },
      ...(fence?.closes === true ? [{ key: fence.condition.key, value: undefined }] : []),
      ...adopted.map(
        ({ hierarchy, claim }): Write => ({
          key: beatKeys.claim(hierarchy),
          value: {
            ...claim.record,
            session: session.id,
            epoch: claim.record.epoch + 1,
            watchdog: session.watchdog === true,
          },
        }),
      ),
    ],
  };
}

/**
 * What a keeper that was started again carries over of what runs here, and what has to be down before a session may
 * begin: only a session of this boot that nobody has ended hands its claims on.
 */
export function judgeAdoption(
  facts: Readonly<{
    runs: readonly string[];
    claims: ReadonlyMap<string, Standing<HeldClaim>>;
    before: SessionRecord | undefined;
    boot: string;
  }>,
): Readonly<{ adopted: readonly Adopted[]; dropFirst: readonly string[] }> {
  const { runs, claims, before, boot } = facts;
  const adopted: Adopted[] = [];
  const dropFirst: string[] = [];
  for (const hierarchy of runs) {
    const claim = claims.get(hierarchy);
    if (claim !== undefined && mayAdopt(before, boot, claim.record)) adopted.push({ hierarchy, claim });
    else dropFirst.push(hierarchy);
  }
  return { adopted, dropFirst };
}

function mayAdopt(before: SessionRecord | undefined, boot: string, claim: HeldClaim): boolean {
  return (
    before !== undefined &&
    before.boot === boot &&
    before.endedBy === undefined &&
    claim.session === before.id &&
    claim.boot === boot &&
    !claim.clean
  );
}

/** Raises the beat: `if session = mine and beat = mine`. What stands is read too, to learn what became of earlier tries. */
export function renewBeat(
  own: OwnSession,
  beat: Readonly<{ count: number; revision: number }>,
  attempt: number,
  times: BeatTimes,
): Transaction {
  const next: BeatRecord = { session: own.id, count: beat.count + 1, attempt };
  return {
    when: [ifMine(own), { key: beatKeys.beat(own.node), revision: beat.revision }],
    write: [{ key: beatKeys.beat(own.node), value: next }],
    read: [beatKeys.session(own.node), beatKeys.beat(own.node)],
    // After that an answer is worth nothing.
    withinMs: times.right,
  };
}

/** Ends a peer's session: `if its beat is unchanged`. No later beat of it can commit. */
export function endSession(
  own: OwnSession,
  peer: Readonly<{ node: string; session: Standing<SessionRecord>; beatRevision: number }>,
): Transaction {
  const ended: SessionRecord = { ...peer.session.record, endedBy: own.node };
  return {
    when: [
      ifMine(own),
      { key: beatKeys.session(peer.node), revision: peer.session.revision },
      { key: beatKeys.beat(peer.node), revision: peer.beatRevision },
    ],
    write: [{ key: beatKeys.session(peer.node), value: ended }],
  };
}

/** Takes a hierarchy: `if the claim, and what became of its owner, are unchanged`. Unclean before the first restore. */
export function takeClaim(
  own: OwnSession,
  hierarchy: string,
  claim: Standing<HeldClaim> | undefined,
  ownerSession: Readonly<{ node: string; revision: number }> | undefined,
  /** The fence that proves the owner down, where its time is not over. */
  proof?: Unchanged,
): Transaction {
  const taken: HeldClaim = {
    node: own.node,
    boot: own.boot,
    session: own.id,
    epoch: (claim?.record.epoch ?? 0) + 1,
    clean: false,
    ...(own.watchdog === true ? { watchdog: true } : {}),
  };
  return {
    when: [
      ifMine(own),
      { key: beatKeys.claim(hierarchy), revision: claim?.revision ?? 0 },
      ...(ownerSession === undefined || ownerSession.node === own.node
        ? []
        : [{ key: beatKeys.session(ownerSession.node), revision: ownerSession.revision }]),
      ...(proof === undefined ? [] : [proof]),
    ],
    write: [{ key: beatKeys.claim(hierarchy), value: taken }],
  };
}

/** What proves that nothing of a hierarchy runs where its claim says. That a right is over proves nothing. */
export type ProofOfClean =
  | 'removed'
  | 'dropped-and-verified'
  | 'checked-after-boot'
  | 'fenced'
  | 'confirmed-by-person';

export function cleanClaim(
  own: OwnSession,
  hierarchy: string,
  claim: Standing<HeldClaim>,
  _proof: ProofOfClean,
): Transaction {
  return {
    when: [ifMine(own), { key: beatKeys.claim(hierarchy), revision: claim.revision }],
    write: [{ key: beatKeys.claim(hierarchy), value: { ...claim.record, clean: true } }],
  };
}

/** Until when a beat that was sent then gives the right to act. */
export function rightOfBeat(sentAt: Millis, times: BeatTimes): Millis {
  return sentAt + times.right;
}

/** Each transaction of a node is conditioned on its own session. */
export function ifMine(own: OwnSession): Unchanged {
  return { key: beatKeys.session(own.node), revision: own.revision };
}
