import type { Millis } from '@holdfast/core';

type Given = Readonly<{
  now: () => Millis;
  sleep: (span: Millis, signal: AbortSignal) => Promise<void>;
  tickEvery: Millis;
  /** L: how long a committed beat lasts. */
  right: Millis;
  isToRemove: () => boolean;
  onFading: (until: Millis) => void;
}>;

/**
 * For `quorumLoss: remove`: notices that no beat was committed for half of the right, while there is still time to take
 * down in order what runs here. The other half is that time; what is left then is dropped like everything else.
 */
export class Fading {
  readonly #given: Given;
  readonly #stopped = new AbortController();
  #until: Millis | undefined;

  constructor(given: Given) {
    this.#given = given;
    void this.#watch();
  }

  /** The right to act lasts until then. */
  right(until: Millis): void {
    this.#until = until;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #watch(): Promise<void> {
    const { now, sleep, tickEvery, right, isToRemove, onFading } = this.#given;
    while (!this.#stopped.signal.aborted) {
      const until = this.#until;
      if (until !== undefined && isToRemove() && until - now() < right / 2) {
        this.stop();
        onFading(until);
        return;
      }
      await sleep(tickEvery, this.#stopped.signal);
    }
  }
}
