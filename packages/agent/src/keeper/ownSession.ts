import type { BeatTimes, Millis } from '@holdfast/core';
import type { Committed, Entry, Transaction, Unchanged } from '@holdfast/store';
import {
  type BeatRecord,
  beatKeys,
  beatRecord,
  type SessionRecord,
  type Standing,
  sessionRecord,
} from './beatRecords.ts';
import { judgeRight, type Right, type RightLost } from './judgeRight.ts';
import { type Adopted, beginSession, type OwnSession, renewBeat, rightOfBeat } from './sessionRules.ts';

/** One try to begin a session or to raise the beat. Its number is in what it writes. */
type Attempt = Readonly<{ number: number; sentAt: Millis }>;

type Holding = Readonly<{
  phase: 'holding';
  own: OwnSession;
  beat: Readonly<{ count: number; revision: number }>;
  right: Right;
  nextBeatAt: Millis;
}>;

export type SessionState =
  /** No session: nothing may run here. */
  | Readonly<{ phase: 'out' }>
  | Readonly<{ phase: 'beginning'; session: SessionRecord; attempt: Attempt }>
  | Holding
  /** The right is lost: a drop that has begun is finished, whatever is heard now. */
  | Readonly<{ phase: 'dropping'; because: RightLost; since: Millis }>;

/** What its caller has to do. */
export type SessionCommand =
  | Readonly<{ do: 'send'; attempt: number; transaction: Transaction }>
  /** A committed beat was answered in time. */
  | Readonly<{ do: 'kick' }>
  | Readonly<{ do: 'drop'; because: RightLost; within: Millis }>;

/**
 * A node's own session: when it begins, when it renews, and when its right is over. It knows no clock and no store;
 * all times are of the boot clock, which counts suspend.
 *
 *   out --begin--> beginning --committed--> holding --deadline, gap, ended--> dropping --dropped--> out
 *                     |  refused, or too late to be of use                                   ^
 *                     +--> out                                        keeps its old session -+
 */
export class OwnSessionKeeper {
  readonly #node: string;
  readonly #times: BeatTimes;
  #state: SessionState = { phase: 'out' };
  /** Tries whose outcome may still be learned. */
  #attempts: readonly Attempt[] = [];
  #lastAttempt = 0;

  constructor(node: string, times: BeatTimes) {
    this.#node = node;
    this.#times = times;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** What every transaction of this node is conditioned on; undefined while it may write nothing. */
  get own(): OwnSession | undefined {
    return this.#state.phase === 'holding' ? this.#state.own : undefined;
  }

  /** Asked before each step of the engine, with the clock of that moment. */
  mayAct(now: Millis): boolean {
    return this.#state.phase === 'holding' && judgeRight(this.#state.right, now, this.#times).may;
  }

  /** Called when nothing of the node runs, or what runs is `adopted`. `before` was read in this life of the keeper. */
  begin(
    request: Readonly<{
      session: SessionRecord;
      before: Standing<SessionRecord> | undefined;
      adopted: readonly Adopted[];
      fence?: Readonly<{ condition: Unchanged; closes: boolean }> | undefined;
      now: Millis;
    }>,
  ): readonly SessionCommand[] {
    if (this.#state.phase !== 'out') return [];
    const { session, before, adopted, fence, now } = request;
    const attempt = this.#newAttempt(now);
    this.#state = { phase: 'beginning', session, attempt };
    const transaction = beginSession({
      node: this.#node,
      session,
      attempt: attempt.number,
      before,
      adopted,
      fence,
    });
    return [
      { do: 'send', attempt: attempt.number, transaction: { ...transaction, withinMs: this.#times.right } },
    ];
  }

  /** Called each `tickEvery`. */
  tick(now: Millis): readonly SessionCommand[] {
    if (this.#state.phase !== 'holding') return [];
    const judged = judgeRight(this.#state.right, now, this.#times);
    if (!judged.may) return this.#lose(judged.because, now);
    this.#state = { ...this.#state, right: { ...this.#state.right, lastTickAt: now } };
    return now >= this.#state.nextBeatAt ? this.#renew(this.#state, now) : [];
  }

  /** The store's answer to a try of ours; undefined when its outcome is not known, or it was not sent. */
  answered(number: number, committed: Committed | undefined, now: Millis): readonly SessionCommand[] {
    const state = this.#state;
    if (state.phase === 'beginning') return this.#answeredBegin(state, number, committed, now);
    if (state.phase !== 'holding') return [];
    // The right is gone by the clock, though no tick has seen it yet: a late answer gives nothing.
    const judged = judgeRight(state.right, now, this.#times);
    if (!judged.may) return this.#lose(judged.because, now);
    if (committed === undefined) return [];
    if (committed.ok)
      return this.#raised(state, number, { count: state.beat.count + 1, revision: committed.revision }, now);
    return this.#refused(state, committed.entries ?? [], now);
  }

  /** Before its time: nobody is there any more who could act on it. */
  giveUp(because: RightLost, now: Millis): readonly SessionCommand[] {
    return this.#state.phase === 'holding' ? this.#lose(because, now) : [];
  }

  /** Everything is down and verified: there is no session, and from here a new one may begin. */
  dropped(): void {
    this.#state = { phase: 'out' };
  }

  #renew(state: Holding, now: Millis): readonly SessionCommand[] {
    const attempt = this.#newAttempt(now);
    this.#state = { ...state, nextBeatAt: now + this.#times.renewEvery };
    return [
      {
        do: 'send',
        attempt: attempt.number,
        transaction: renewBeat(state.own, state.beat, attempt.number, this.#times),
      },
    ];
  }

  #answeredBegin(
    { session, attempt }: Extract<SessionState, { phase: 'beginning' }>,
    number: number,
    committed: Committed | undefined,
    now: Millis,
  ): readonly SessionCommand[] {
    if (number !== attempt.number) return [];
    const until = rightOfBeat(attempt.sentAt, this.#times);
    // Refused, unknown, or answered when its right is over: the next try reads anew, and ends this one if it is there.
    if (committed === undefined || !committed.ok || now >= until) {
      this.#state = { phase: 'out' };
      return [];
    }
    const { revision } = committed;
    this.#state = {
      phase: 'holding',
      own: {
        ...{ node: this.#node, id: session.id, boot: session.boot, revision },
        ...(session.watchdog === true ? { watchdog: true } : {}),
      },
      beat: { count: 0, revision },
      right: { until, lastTickAt: now },
      nextBeatAt: attempt.sentAt + this.#times.renewEvery,
    };
    return this.#kickFor(attempt, now);
  }

  #raised(
    state: Holding,
    number: number,
    beat: Readonly<{ count: number; revision: number }>,
    now: Millis,
  ): readonly SessionCommand[] {
    const attempt = this.#attempts.find((one) => one.number === number);
    const isNewer = beat.revision > state.beat.revision;
    const until = attempt === undefined ? state.right.until : rightOfBeat(attempt.sentAt, this.#times);
    this.#state = {
      ...state,
      beat: isNewer ? beat : state.beat,
      right: { ...state.right, until: Math.max(state.right.until, until) },
    };
    return attempt === undefined ? [] : this.#kickFor(attempt, now);
  }

  /** Another try of ours came first, whose answer was lost or is under way, or a peer has ended the session. */
  #refused(state: Holding, entries: readonly Entry[], now: Millis): readonly SessionCommand[] {
    const session = entries.find(({ key }) => key === beatKeys.session(this.#node));
    if (session === undefined) return [];
    const standing = sessionRecord.safeParse(session.value);
    if (session.revision !== state.own.revision || !standing.success || standing.data.endedBy !== undefined)
      return this.#lose('ended-by-peer', now);
    const beat = entries.find(({ key }) => key === beatKeys.beat(this.#node));
    const read = beatRecord.safeParse(beat?.value);
    if (beat === undefined || !read.success) return [];
    const { session: id, count, attempt }: BeatRecord = read.data;
    return id === state.own.id ? this.#raised(state, attempt, { count, revision: beat.revision }, now) : [];
  }

  #kickFor(attempt: Attempt, now: Millis): readonly SessionCommand[] {
    return now - attempt.sentAt < this.#times.answer ? [{ do: 'kick' }] : [];
  }

  #lose(because: RightLost, now: Millis): readonly SessionCommand[] {
    this.#state = { phase: 'dropping', because, since: now };
    this.#attempts = [];
    return [{ do: 'drop', because, within: this.#times.drop }];
  }

  #newAttempt(now: Millis): Attempt {
    this.#lastAttempt += 1;
    const attempt = { number: this.#lastAttempt, sentAt: now };
    // What was sent longer ago than a right lasts can give none.
    this.#attempts = [
      ...this.#attempts.filter(({ sentAt }) => now < rightOfBeat(sentAt, this.#times)),
      attempt,
    ];
    return attempt;
  }
}
