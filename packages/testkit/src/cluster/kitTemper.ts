import type { Random } from '../simulate/random.ts';

/** How the kit of one resource behaves on one node; drawn once for each and seed. */
export type KitTemper = Readonly<{
  slowest: number;
  fails: number;
  hangs: number;
  throws: number;
  /** A remove that says that it is done while the resource runs on, a restore that says so and is not. */
  lies: number;
  /** It has no quick way out; or that fails so often. */
  abort: 'none' | 'sure' | 'unsure';
}>;

export function drawTemper(random: Random): KitTemper {
  const abort = random.pick(['sure', 'sure', 'sure', 'unsure', 'none'] as const);
  const slowest = random.pick([20, 20, 200, 1_000, 8_000]);
  if (random.often(0.6)) return { slowest, fails: 0, hangs: 0, throws: 0, lies: 0, abort };
  return {
    slowest,
    fails: random.pick([0, 0.1, 0.4]),
    hangs: random.pick([0, 0, 0.1]),
    throws: random.pick([0, 0, 0.05]),
    lies: random.pick([0, 0, 0.15]),
    abort,
  };
}
