import type { Clock } from '@holdfast/engine';
import { never } from '../simulate/never.ts';
import type { Machine } from './machine.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * A process of a simulated node. Whatever comes to it from outside comes through `deliver`: not while it is stopped, and
 * never once it is dead.
 */
export class SimulatedProcess {
  readonly machine: Machine;
  readonly #scheduler: Scheduler;
  readonly #pending: (() => void)[] = [];
  #isStopped = false;
  isDead = false;
  /** When it was last stopped: what came after that it may not know yet. */
  stoppedAt = Number.POSITIVE_INFINITY;
  /** Calls to the world until it dies, in the midst of what it does; never while undefined. */
  callsToLive: number | undefined;
  readonly #mourners: (() => void)[] = [];

  constructor(machine: Machine, scheduler: Scheduler) {
    this.machine = machine;
    this.#scheduler = scheduler;
    machine.add(this);
  }

  deliver(act: () => void): void {
    if (this.isDead) return;
    if (this.#isStopped || this.machine.isFrozen || this.#pending.length > 0) this.#pending.push(act);
    else act();
  }

  /** After a span of the machine's clock. */
  after(span: number, act: () => void): () => void {
    return this.#scheduler.after(this.machine.spanOf(span), () => this.deliver(act));
  }

  /** SIGSTOP, and later SIGCONT. */
  stopFor(span: number): void {
    this.#isStopped = true;
    this.stoppedAt = this.#scheduler.now;
    this.#scheduler.after(span, () => {
      this.#isStopped = false;
      this.goOn();
    });
  }

  /** What waited for it comes one after the other. */
  goOn(): void {
    if (this.#isStopped || this.machine.isFrozen || this.isDead) return;
    const [first] = this.#pending;
    if (first === undefined) return;
    first();
    this.#pending.shift();
    if (this.#pending.length > 0) this.#scheduler.after(0, () => this.goOn());
  }

  die(): void {
    if (this.isDead) return;
    this.isDead = true;
    this.#pending.length = 0;
    this.machine.forget(this);
    for (const mourn of this.#mourners) mourn();
  }

  onDeath(mourn: () => void): void {
    this.#mourners.push(mourn);
  }

  /** It may die before a call takes effect, or after it did and before the answer comes. */
  mortal<Args extends unknown[], Value>(call: (...args: Args) => Promise<Value>) {
    return async (...args: Args): Promise<Value> => {
      if (this.isDead || this.#diesNow()) return never();
      const value = await call(...args);
      return this.isDead || this.#diesNow() ? never() : value;
    };
  }

  #diesNow(): boolean {
    if (this.callsToLive === undefined) return false;
    this.callsToLive -= 1;
    if (this.callsToLive > 0) return false;
    this.die();
    return true;
  }

  clock(): Clock {
    return {
      now: () => this.machine.monotonic(),
      wall: () => this.machine.wall(),
      sleep: (span, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve();
          const wake = (): void => {
            cancel();
            signal.removeEventListener('abort', wake);
            resolve();
          };
          const cancel = this.after(span, wake);
          signal.addEventListener('abort', wake, { once: true });
        }),
    };
  }
}
