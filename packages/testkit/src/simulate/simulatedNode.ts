import type { Action, Configuration, Tag } from '@holdfast/core';
import type { Random } from './random.ts';

/** How one resource really stands, whatever anybody believes. */
export type Reality = {
  running: boolean;
  /** Something of it is there and does not serve. */
  broken: boolean;
  /** Somebody outside started or broke it, and no check has seen that yet. */
  surprise: boolean;
  /** The action under way on it. */
  acting: Action | undefined;
};

/** How the kit of one resource behaves; drawn once for each resource and seed. */
export type Temper = Readonly<{
  /** How long its actions take. */
  fastest: number;
  slowest: number;
  /** How often an action fails, hangs until its budget is over, or throws. */
  fails: number;
  hangs: number;
  throws: number;
  /** How often a remove says that it is done while the resource still runs. */
  lies: number;
  canRecover: boolean;
}>;

export function drawTemper(random: Random): Temper {
  const isCalm = random.often(0.4);
  const slowest = random.pick([5, 50, 1_000, 20_000]);
  return {
    fastest: 1,
    slowest,
    fails: isCalm ? 0 : random.pick([0, 0.1, 0.4]),
    hangs: isCalm ? 0 : random.pick([0, 0, 0.1]),
    throws: isCalm ? 0 : random.pick([0, 0, 0.05]),
    lies: isCalm ? 0 : random.pick([0, 0, 0.1]),
    canRecover: random.often(0.5),
  };
}

/** The node's resources as they are. */
export class SimulatedNode {
  readonly #reality = new Map<Tag, Reality>();

  constructor(configuration: Configuration) {
    for (const tag of configuration.resources.keys()) {
      this.#reality.set(tag, { running: false, broken: false, surprise: false, acting: undefined });
    }
  }

  of(tag: Tag): Reality {
    return this.#reality.get(tag)!;
  }

  serves(tag: Tag): boolean {
    const { running, broken } = this.of(tag);
    return running && !broken;
  }

  /** A power cut: nothing runs any more. */
  powerOff(): void {
    for (const reality of this.#reality.values())
      Object.assign(reality, { running: false, broken: false, surprise: false, acting: undefined });
  }
}
