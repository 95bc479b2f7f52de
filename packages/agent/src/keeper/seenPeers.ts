import type { BeatTimes, Millis } from '@holdfast/core';
import type { Entry, Transaction } from '@holdfast/store';
import type { ZodType } from 'zod';
import {
  beatKeys,
  type HeldClaim,
  heldClaim,
  type SessionRecord,
  type Standing,
  sessionRecord,
} from './beatRecords.ts';
import { type FenceRecord, fenceKeys, fenceRecord } from './fenceRecord.ts';
import { isProvenDown, type SeenFence } from './fenceRules.ts';
import { endSession, type OwnSession, takeClaim } from './sessionRules.ts';

type SeenBeat = Readonly<{ revision: number; firstSeenAt: Millis }>;

export type TakeVerdict =
  | Readonly<{ take: true; transaction: Transaction }>
  | Readonly<{ take: false; because: 'already-ours' | 'own-earlier-life' | 'owner-lives' | 'not-understood' }>
  | Readonly<{ take: false; because: 'time-is-not-over'; until: Millis }>;

/**
 * What this node has seen of the others, and when, on its own boot clock. It is fed in the order of revisions, by one
 * watch over all of it. Nothing in it outlives the keeper: one that
 * was started again counts every wait from its beginning.
 */
export class SeenPeers {
  readonly #times: BeatTimes;
  readonly #sessions = new Map<string, Standing<SessionRecord>>();
  readonly #beats = new Map<string, SeenBeat>();
  readonly #claims = new Map<string, Standing<HeldClaim>>();
  readonly #fences = new Map<string, Standing<FenceRecord>>();
  /** When each was first seen as it is, with its revision. */
  readonly #fencesSeen = new Map<string, Readonly<{ revision: number; at: Millis }>>();
  #fenceTurn = 0;
  /** Keys whose records a newer version wrote: of such a claim nothing is taken, such a session counts as living. */
  readonly #notUnderstood = new Set<string>();
  /** When a session was first seen to be over, by its id: a node may have had several since. */
  readonly #endedSince = new Map<string, Millis>();

  constructor(times: BeatTimes) {
    this.#times = times;
  }

  /** Everything below `session/`, `beat/` and `claim/`, as of one moment: at the start, and after a compaction. */
  takeAll(entries: readonly Entry[], now: Millis): void {
    const there = new Set(entries.map(({ key }) => key));
    for (const [map, key] of [
      [this.#sessions, beatKeys.session],
      [this.#beats, beatKeys.beat],
      [this.#claims, beatKeys.claim],
      [this.#fences, fenceKeys.fence],
    ] as const)
      for (const name of [...map.keys()]) if (!there.has(key(name))) map.delete(name);
    for (const key of [...this.#notUnderstood]) if (!there.has(key)) this.#notUnderstood.delete(key);
    if (!there.has(fenceKeys.turn)) this.#fenceTurn = 0;
    for (const entry of entries) this.#take(entry, now);
    this.#noteEnded(now);
  }

  /** What one transaction changed. */
  take(entries: readonly Entry[], now: Millis): void {
    for (const entry of entries) this.#take(entry, now);
    this.#noteEnded(now);
  }

  sessionOf(node: string): Standing<SessionRecord> | undefined {
    return this.#sessions.get(node);
  }

  /** The revision of the last beat that was seen of a node. */
  beatOf(node: string): number | undefined {
    return this.#beats.get(node)?.revision;
  }

  /** What was asked about a node, and whether the session that asked it lives. */
  fenceOf(node: string): SeenFence | undefined {
    const fence = this.#fences.get(node);
    if (fence === undefined) return undefined;
    const firstSeenAt = this.#fencesSeen.get(node)?.at ?? 0;
    return { ...fence, firstSeenAt, askerEndedAt: this.#endedSince.get(fence.record.bySession) };
  }

  get fenced(): readonly string[] {
    return [...this.#fences.keys()];
  }

  /** The revision at which somebody last asked for a fence. */
  get fenceTurn(): number {
    return this.#fenceTurn;
  }

  /** When the last session of a node was first seen to be over. */
  endedAt(node: string): Millis | undefined {
    const id = this.#sessions.get(node)?.record.id;
    return id === undefined ? undefined : this.#endedSince.get(id);
  }

  get nodes(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  get claims(): ReadonlyMap<string, Standing<HeldClaim>> {
    return this.#claims;
  }

  /** Peers whose session lives, as far as was seen. */
  get live(): readonly string[] {
    return [...this.#sessions].filter(([, { record }]) => record.endedBy === undefined).map(([node]) => node);
  }

  /** Sessions of others that gave no newer beat for L and the margin, counted from when the last one was first seen. */
  endingsDue(own: OwnSession, now: Millis): readonly Transaction[] {
    return [...this.#sessions]
      .filter(([node, { record }]) => node !== own.node && record.endedBy === undefined)
      .flatMap(([node, session]) => {
        const beat = this.#beats.get(node);
        if (beat === undefined || now - beat.firstSeenAt < this.#times.endAfter) return [];
        return [endSession(own, { node, session, beatRevision: beat.revision })];
      });
  }

  /**
   * Whether the hierarchy may be taken now, and by which transaction. A node runs a hierarchy only after such a
   * transaction of its own was answered: `already-ours` without it running is an answer that was lost, or a release
   * that may yet commit, and `retake` settles both.
   */
  judgeTake(hierarchy: string, own: OwnSession, now: Millis): TakeVerdict {
    if (this.#notUnderstood.has(beatKeys.claim(hierarchy))) return { take: false, because: 'not-understood' };
    const claim = this.#claims.get(hierarchy);
    if (claim === undefined || claim.record.clean)
      return { take: true, transaction: takeClaim(own, hierarchy, claim, undefined) };
    const { node, session } = claim.record;
    if (node === own.node)
      return { take: false, because: session === own.id ? 'already-ours' : 'own-earlier-life' };
    const endedAt = this.#endedSince.get(session);
    if (endedAt === undefined) return { take: false, because: 'owner-lives' };
    const until = endedAt + this.#times.takeAfter;
    const revision = this.#sessions.get(node)?.revision ?? 0;
    const fence = this.#fences.get(node);
    if (isProvenDown(this.#sessions.get(node), fence)) {
      const proof = { key: fenceKeys.fence(node), revision: fence.revision };
      return { take: true, transaction: takeClaim(own, hierarchy, claim, { node, revision }, proof) };
    }
    if (now < until) return { take: false, because: 'time-is-not-over', until };
    return { take: true, transaction: takeClaim(own, hierarchy, claim, { node, revision }) };
  }

  /** Takes what is ours once more, with a new epoch, so that nothing that we sent before can still change it. */
  retake(hierarchy: string, own: OwnSession): Transaction {
    return takeClaim(own, hierarchy, this.#claims.get(hierarchy), undefined);
  }

  #take(entry: Entry, now: Millis): void {
    const { key, revision } = entry;
    if (key.startsWith(beatKeys.sessions))
      this.#put(this.#sessions, key.slice(beatKeys.sessions.length), entry, sessionRecord);
    else if (key.startsWith(beatKeys.claims))
      this.#put(this.#claims, key.slice(beatKeys.claims.length), entry, heldClaim);
    else if (key.startsWith(fenceKeys.fences)) {
      const node = key.slice(fenceKeys.fences.length);
      this.#put(this.#fences, node, entry, fenceRecord);
      if (this.#fencesSeen.get(node)?.revision !== revision)
        this.#fencesSeen.set(node, { revision, at: now });
    } else if (key === fenceKeys.turn) this.#fenceTurn = entry.value === undefined ? 0 : revision;
    else if (key.startsWith(beatKeys.beats)) {
      const node = key.slice(beatKeys.beats.length);
      // The same beat read again is no newer one: its time goes on from when it was first seen.
      if (this.#beats.get(node)?.revision !== revision) this.#beats.set(node, { revision, firstSeenAt: now });
    }
  }

  #put<Record>(
    map: Map<string, Standing<Record>>,
    name: string,
    { key, value, revision }: Entry,
    schema: ZodType<Record>,
  ): void {
    this.#notUnderstood.delete(key);
    map.delete(name);
    if (value === undefined) return;
    const read = schema.safeParse(value);
    if (read.success) map.set(name, { record: read.data, revision });
    else this.#notUnderstood.add(key);
  }

  /** A session is over when its record says so, or when another stands in its place. */
  #noteEnded(now: Millis): void {
    const named = new Set<string>();
    for (const { node, session } of this.#namedSessions()) {
      named.add(session);
      const standing = this.#sessions.get(node)?.record;
      const lives =
        this.#notUnderstood.has(beatKeys.session(node)) ||
        (standing !== undefined && standing.id === session && standing.endedBy === undefined);
      if (lives) this.#endedSince.delete(session);
      else if (!this.#endedSince.has(session)) this.#endedSince.set(session, now);
    }
    // Only what is named is ever asked for; an id is never used again.
    for (const id of [...this.#endedSince.keys()]) if (!named.has(id)) this.#endedSince.delete(id);
  }

  /** By claims and by fences, and those that stand. */
  *#namedSessions(): Generator<Readonly<{ node: string; session: string }>> {
    for (const { record } of this.#claims.values()) yield record;
    for (const { record } of this.#fences.values()) yield { node: record.by, session: record.bySession };
    for (const [node, { record }] of this.#sessions) yield { node, session: record.id };
  }
}
