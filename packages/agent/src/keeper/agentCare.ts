import type { Millis } from '@holdfast/core';

export type AgentCareRules = Readonly<{
  /** So often the agent is asked for a turn of its loop. */
  askEvery: Millis;
  /** An agent that was asked and completed no turn for so long hangs: it is ended, and started again. */
  hangsAfter: Millis;
  /** So long an agent may take to come, to look at everything, and to complete its first turn. */
  startsWithin: Millis;
  /** A: after so long without a completed turn, by whichever agent, the right is given up. */
  turnWithin: Millis;
  /** More restarts than so many within so long, and it is no longer tried. */
  restarts: Readonly<{ most: number; within: Millis; afterwards: 'release' | 'nodeDown' }>;
}>;

export type AgentCareCommand =
  /** Ask the agent for a turn. */
  | 'ask'
  /** It hangs: end it, whatever it does. */
  | 'kill'
  | 'start'
  /** Nobody acts for this node any more: what runs here is let go of. */
  | 'give-up'
  | 'node-down';

/** Before a first start again, and so much more before each one after it. */
const againAfter = 200;

/**
 * When an agent is taken for dead or hung, and what follows. It knows no process: its caller tells what it saw, with the
 * boot clock of that moment.
 *
 *   nobody --came--> works --no turn--> killed --+
 *                      +------gone---------------+--> gone --start--> works
 *                      +------left--> nobody          +--too often--> release, or node down
 */
export class AgentCare {
  readonly #rules: AgentCareRules;
  #isExpected = false;
  #cameAt: Millis | undefined;
  #turnedAt: Millis = 0;
  #askedAt: Millis = 0;
  #isKilled = false;
  #startAt: Millis | undefined;
  #isStarting = false;
  #gone: readonly Millis[] = [];
  #isToLeave = false;
  #isGivenUp = false;

  constructor(rules: AgentCareRules) {
    this.#rules = rules;
  }

  /** The next agent is to take everything down in order, and not to come back: agents die here again and again. */
  get isToLeave(): boolean {
    return this.#isToLeave;
  }

  /** One was here, did not leave, and is not given up. */
  get isAwaited(): boolean {
    return this.#isExpected && !this.#isGivenUp;
  }

  came(now: Millis): void {
    // The first one has as long as any for its first turn.
    if (!this.#isExpected) this.#turnedAt = now;
    this.#isExpected = true;
    this.#isKilled = false;
    this.#isGivenUp = false;
    this.#cameAt = now;
    this.#askedAt = now;
    this.#startAt = undefined;
    this.#isStarting = false;
  }

  turned(now: Millis): void {
    this.#turnedAt = now;
  }

  /** It ends in order, with nothing left to look after. */
  left(): void {
    this.#isExpected = false;
    this.#isToLeave = false;
    this.#startAt = undefined;
  }

  /** It is there no more, and did not say that it leaves. */
  gone(now: Millis): void {
    this.#cameAt = undefined;
    if (!this.#isExpected) return;
    this.#countDeath(now);
    this.#startAt = now + againAfter * this.#gone.length;
  }

  /** Called with each tick of the keeper. */
  tick(now: Millis): readonly AgentCareCommand[] {
    if (!this.#isExpected || this.#isGivenUp) return [];
    if (now - this.#turnedAt > this.#rules.turnWithin) return this.#giveUp('give-up');
    if (this.#cameAt !== undefined) return this.#lookAfter(this.#cameAt, now);
    if (this.#startAt === undefined || now < this.#startAt) return [];
    return this.#startAgain(now);
  }

  #lookAfter(cameAt: Millis, now: Millis): readonly AgentCareCommand[] {
    if (this.#isKilled) return [];
    const hasTurned = this.#turnedAt > cameAt;
    const limit = hasTurned ? this.#rules.hangsAfter : this.#rules.startsWithin;
    if (now - Math.max(this.#turnedAt, cameAt) > limit) {
      this.#isKilled = true;
      return ['kill'];
    }
    if (now - this.#askedAt < this.#rules.askEvery) return [];
    this.#askedAt = now;
    return ['ask'];
  }

  #startAgain(now: Millis): readonly AgentCareCommand[] {
    // One that was started and did not come in time counts as one that died.
    if (this.#isStarting) this.#countDeath(now);
    const { most, afterwards } = this.#rules.restarts;
    if (this.#gone.length > most) {
      if (afterwards === 'nodeDown') return this.#giveUp('node-down');
      // The one that was to take everything down in order died too.
      if (this.#isToLeave) return this.#giveUp('give-up');
      this.#isToLeave = true;
    }
    this.#isStarting = true;
    this.#startAt = now + this.#rules.startsWithin;
    return ['start'];
  }

  #countDeath(now: Millis): void {
    const { within } = this.#rules.restarts;
    this.#gone = [...this.#gone.filter((at) => now - at < within), now];
  }

  #giveUp(command: AgentCareCommand): readonly AgentCareCommand[] {
    this.#isGivenUp = true;
    return [command];
  }
}
