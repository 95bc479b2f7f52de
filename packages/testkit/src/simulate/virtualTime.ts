import type { Clock } from '@holdfast/engine';

type Timer = { readonly at: number; readonly order: number; readonly fire: () => void };

/**
 * Time that passes only when nothing else is left to do. Everything that waits in a simulation waits on it, so an
 * hour takes no longer than what happens in it.
 */
export class VirtualTime {
  #now = 0;
  #order = 0;
  #timers: Timer[] = [];

  get now(): number {
    return this.#now;
  }

  /** How many still wait for a moment to come. */
  get waiting(): number {
    return this.#timers.length;
  }

  after(span: number, fire: () => void): () => void {
    this.#order += 1;
    const timer = { at: this.#now + Math.max(0, span), order: this.#order, fire };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  wait(span: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(span, resolve);
    });
  }

  /** A clock for one life of an agent: when that life ends, nothing that waits on it goes on. */
  clock(isDead: () => boolean): Clock {
    return {
      now: () => this.#now,
      wall: () => 1_700_000_000_000 + this.#now,
      sleep: (span, signal) =>
        new Promise((resolve) => {
          if (isDead()) return;
          if (signal.aborted) return resolve();
          const wake = (): void => {
            cancel();
            signal.removeEventListener('abort', wake);
            if (!isDead()) resolve();
          };
          const cancel = this.after(span, wake);
          signal.addEventListener('abort', wake, { once: true });
        }),
    };
  }

  /** Lets everything happen up to a moment, in the order of time. */
  async runUntil(moment: number): Promise<void> {
    await settled();
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.at > moment) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.fire();
      await settled();
    }
    this.#now = Math.max(this.#now, moment);
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    }
    return first;
  }
}

/** All that follows from what happened has followed: the queue of promises is empty. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
