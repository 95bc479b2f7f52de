import type { Millis, Tag } from '@holdfast/core';
import type { Chance, Clock } from './ports.ts';

/** What is watched, and how often. */
export type Watched = ReadonlyMap<Tag, Millis>;

type Round = { everyMs: Millis; readonly stop: AbortController; wake: AbortController; isSuspected: boolean };

/**
 * Asks for a check of each watched resource again and again. Never two checks of one resource at a time; a
 * suspicion brings the next one forward, and many suspicions bring one check.
 */
export class Monitor {
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #check: (tag: Tag) => Promise<void>;
  readonly #rounds = new Map<Tag, Round>();

  constructor(given: { clock: Clock; chance: Chance; check: (tag: Tag) => Promise<void> }) {
    this.#clock = given.clock;
    this.#chance = given.chance;
    this.#check = given.check;
  }

  /** From now on these, and no others. What was watched already keeps its place in its round. */
  watch(watched: Watched): void {
    for (const [tag, round] of this.#rounds) {
      if (watched.has(tag)) continue;
      round.stop.abort('no longer watched');
      this.#rounds.delete(tag);
    }
    for (const [tag, everyMs] of watched) {
      const round = this.#rounds.get(tag);
      if (round === undefined) this.#start(tag, everyMs);
      else if (round.everyMs !== everyMs) {
        round.everyMs = everyMs;
        round.wake.abort('hurried');
      }
    }
  }

  /** Check this one now: something hinted that it failed. */
  suspect(tag: Tag): void {
    const round = this.#rounds.get(tag);
    if (round === undefined) return;
    round.isSuspected = true;
    round.wake.abort('hurried');
  }

  close(): void {
    this.watch(new Map());
  }

  #start(tag: Tag, everyMs: Millis): void {
    const round: Round = {
      everyMs,
      stop: new AbortController(),
      wake: new AbortController(),
      isSuspected: false,
    };
    this.#rounds.set(tag, round);
    void this.#run(tag, round);
  }

  async #run(tag: Tag, round: Round): Promise<void> {
    // The first check of many resources at different moments, so that they do not all come at once for ever.
    let pauseMs = round.everyMs * this.#chance.fraction();
    while (!round.stop.signal.aborted) {
      round.wake = new AbortController();
      if (!round.isSuspected)
        await this.#clock.sleep(pauseMs, AbortSignal.any([round.stop.signal, round.wake.signal]));
      if (round.stop.signal.aborted) return;
      const wasHurried = round.wake.signal.aborted && !round.isSuspected;
      round.isSuspected = false;
      // A new interval begins anew and is no reason to check.
      if (!wasHurried) await this.#check(tag);
      pauseMs = round.everyMs * (0.9 + 0.2 * this.#chance.fraction());
    }
  }
}
