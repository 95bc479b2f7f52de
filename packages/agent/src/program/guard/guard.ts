import type { GuardMessage, GuardPhase } from './messages.ts';

type Levels = Extract<GuardMessage, { kind: 'runs' }>['levels'];

export type GuardPorts = Readonly<{
  /** The boot clock. */
  now: () => number;
  dropMs: number;
  runAbort: (step: Levels[number][number][number]) => Promise<void>;
  takeNodeDown: () => Promise<void>;
  say: (event: string) => void;
}>;

/**
 * Counts this node's right for itself, and depends on nothing of the agent but its messages: an agent that is dead, hangs
 * or was stopped says nothing, and then what it ran is let go of, or the node goes.
 */
export class Guard {
  readonly #ports: GuardPorts;
  #until = 0;
  #runs: Readonly<{ anything: boolean; levels: Levels }> = { anything: false, levels: [] };
  #droppedAt: number | undefined;
  #isGoingDown = false;

  constructor(ports: GuardPorts) {
    this.#ports = ports;
  }

  get phase(): GuardPhase {
    if (this.#droppedAt !== undefined) return 'dropping';
    return this.#runs.anything ? 'armed' : 'idle';
  }

  take(message: GuardMessage): void {
    switch (message.kind) {
      case 'right':
        this.#until = Math.max(this.#until, message.until);
        return;
      case 'runs':
        // What may run is no less because of what comes while it is let go of: only a look at all of it ends that.
        if (this.#droppedAt === undefined) this.#runs = message;
        return;
      case 'all-is-down':
        this.#droppedAt = undefined;
        this.#runs = { anything: false, levels: [] };
    }
  }

  /** Called every few milliseconds. A right that is over does not come back, whatever is heard now. */
  tick(): void {
    const now = this.#ports.now();
    if (this.#droppedAt === undefined) {
      if (!this.#runs.anything || now < this.#until) return;
      // What is told of after the right was over gets the whole of D.
      this.#droppedAt = now;
      this.#ports.say('right-over');
      void this.#letGo(this.#runs.levels);
    } else if (now >= this.#droppedAt + this.#ports.dropMs && !this.#isGoingDown) {
      this.#isGoingDown = true;
      this.#ports.say('node-down');
      void this.#ports.takeNodeDown().finally(() => {
        // It did not go: it is tried again for as long as this process lives.
        this.#isGoingDown = false;
      });
    }
  }

  async #letGo(levels: Levels): Promise<void> {
    for (const level of levels)
      await Promise.all(
        level.map(async (steps) => {
          for (const step of steps) await this.#ports.runAbort(step);
        }),
      );
  }
}
