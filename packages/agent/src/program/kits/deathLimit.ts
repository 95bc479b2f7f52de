import { sayDuration } from '@holdfast/core';

export type DeathLimits = Readonly<{
  deathsMax: number;
  periodMs: number;
  pauseMs: number;
  pauseMaxMs: number;
}>;

/** A kit whose thread dies three times within ten minutes is left alone for as long, and longer each time after. */
const usualLimits: DeathLimits = {
  deathsMax: 3,
  periodMs: 600_000,
  pauseMs: 600_000,
  pauseMaxMs: 3_600_000,
};

/** Counts the deaths of a kit's thread, and says whether the kit may have another one. */
export class DeathLimit {
  readonly #limits: DeathLimits;
  #deaths: number[] = [];
  #brokenUntil = Number.NEGATIVE_INFINITY;
  #pauseMs = 0;
  #says = '';

  constructor(limits: DeathLimits = usualLimits) {
    this.#limits = limits;
  }

  died(now: number, why: string): void {
    const { deathsMax, periodMs, pauseMs, pauseMaxMs } = this.#limits;
    // Left alone until a moment ago: one more death is enough, and the next pause is longer.
    const isOnTrial = now - this.#brokenUntil <= periodMs;
    this.#deaths = [...this.#deaths.filter((at) => at > now - periodMs), now];
    if (this.#deaths.length < deathsMax && !isOnTrial) return;
    this.#pauseMs = isOnTrial ? Math.min(this.#pauseMs * 2, pauseMaxMs) : pauseMs;
    this.#brokenUntil = now + this.#pauseMs;
    this.#deaths = [];
    // The same words at each check: they are a condition of its resources, and a new one would be news.
    const often = isOnTrial ? 'again' : `${deathsMax} times within ${sayDuration(periodMs)}`;
    this.#says = `its thread died ${often}, the last time because ${why}; it is left alone for ${sayDuration(this.#pauseMs)}`;
  }

  /** Why it gets no thread now; undefined when it may have one. */
  whyBroken(now: number): string | undefined {
    return now < this.#brokenUntil ? this.#says : undefined;
  }
}
