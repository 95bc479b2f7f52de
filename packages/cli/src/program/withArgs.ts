import type { Surroundings } from './surroundings.ts';

/** The same surroundings for a command further down; what is found out only when it is asked for stays so. */
export function withArgs(around: Surroundings, args: readonly string[]): Surroundings {
  return Object.defineProperties({} as Surroundings, {
    ...Object.getOwnPropertyDescriptors(around),
    args: { value: args, enumerable: true },
  });
}
