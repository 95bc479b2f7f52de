import type { Millis } from '@holdfast/core';
import type { AbortStep } from '@holdfast/kit';

/** What may run here, and the quick way out of it: what stands in the first level is let go of first. */
export type Runs = Readonly<{
  anything: boolean;
  levels: readonly (readonly (readonly AbortStep[])[])[];
}>;

export type WayOutPorts = Readonly<{
  dropMs: Millis;
  /** Runs one program of a kit's quick way out, within its budget. Does not throw for how it ends. */
  runAbort: (step: AbortStep) => Promise<void>;
  takeNodeDown: (why: string) => Promise<void>;
}>;

/**
 * What is left to do when the right to act is over, kept as data, so that it depends on nobody. It cannot look at what it
 * let go of: an agent does, and says that all is down, or the node goes down after D.
 */
export class WayOut {
  readonly #ports: WayOutPorts;
  /** Undefined until an agent has looked: then anything may run. */
  #runs: Runs | undefined;
  #begunAt: Millis | undefined;
  #isGoingDown = false;

  constructor(ports: WayOutPorts) {
    this.#ports = ports;
  }

  /** What is let go of is no less because of what comes meanwhile: only a look at all of it ends that. */
  take(runs: Runs): void {
    if (this.#begunAt === undefined) this.#runs = runs;
  }

  /** What was said is not sure any more. */
  forget(): void {
    if (this.#begunAt === undefined) this.#runs = undefined;
  }

  get mayRun(): boolean {
    return this.#runs?.anything === true;
  }

  /** Somebody has looked, and nothing is there. */
  get isSurelyDown(): boolean {
    return this.#begunAt === undefined && this.#runs?.anything === false;
  }

  get hasBegun(): boolean {
    return this.#begunAt !== undefined;
  }

  /** What is told of late gets the whole of D. */
  begin(now: Millis): void {
    if (this.#begunAt !== undefined) return;
    this.#begunAt = now;
    void this.#letGo(this.#runs?.levels ?? []);
  }

  /** Called with each tick of the keeper. */
  tick(now: Millis): void {
    if (this.#begunAt !== undefined && now >= this.#begunAt + this.#ports.dropMs)
      this.goDown('what had to be let go of is not surely down');
  }

  /** It is tried again for as long as this process lives. */
  goDown(why: string): void {
    if (this.#isGoingDown) return;
    this.#isGoingDown = true;
    void this.#ports.takeNodeDown(why).finally(() => {
      this.#isGoingDown = false;
    });
  }

  allIsDown(): void {
    this.#begunAt = undefined;
    this.#runs = { anything: false, levels: [] };
  }

  async #letGo(levels: Runs['levels']): Promise<void> {
    for (const level of levels)
      await Promise.all(
        level.map(async (steps) => {
          for (const step of steps) await this.#ports.runAbort(step);
        }),
      );
  }
}
