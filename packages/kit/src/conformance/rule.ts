import type { Bench } from './bench.ts';

/** What every kit must keep. `look` answers what it saw, or throws `Broken` with what is wrong. */
export type Rule = Readonly<{
  says: string;
  /** What the author of a kit does about it. */
  mend: string;
  /** Says why the rule does not apply to this kit in this world. */
  notFor?: (bench: Bench) => string | undefined;
  look: (bench: Bench) => Promise<string>;
}>;
