import type { Random } from '../simulate/random.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedProcess } from './simulatedProcess.ts';

/** One direction of a socket between two processes of a node: in order, late, and cut off where its writer dies. */
export class OneWay {
  readonly #from: SimulatedProcess;
  readonly #to: SimulatedProcess;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  #nextAt = 0;
  #isCut = false;

  constructor(
    given: Readonly<{
      from: SimulatedProcess;
      to: SimulatedProcess;
      scheduler: Scheduler;
      random: Random;
    }>,
  ) {
    this.#from = given.from;
    this.#to = given.to;
    this.#scheduler = given.scheduler;
    this.#random = given.random;
  }

  say(act: () => void): void {
    if (this.#from.isDead) return;
    this.#after(() => {
      // What a process had written when it died is read, or was not written yet.
      this.#isCut ||= this.#from.isDead && this.#random.often(0.5);
      if (!this.#isCut) act();
    });
  }

  /** Nothing more comes: told after all that came. */
  end(act: () => void): void {
    this.#after(act);
  }

  #after(act: () => void): void {
    const { now } = this.#scheduler;
    this.#nextAt = Math.max(this.#nextAt, now + this.#random.between(0, 5) / 2);
    this.#scheduler.after(this.#nextAt - now, () => this.#to.deliver(act));
  }
}
