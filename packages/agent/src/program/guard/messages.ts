import { z } from 'zod';

/*
 * What the agent tells its guard, a line of JSON each. The guard outlives the agent, and does what is left to do when
 * this node's right is over and nobody says that all is down.
 *
 *   idle --runs--> armed --deadline--> dropping --all is down--> idle
 *                                          +--D is over--> the node goes down
 */

const abortStep = z.object({ argv: z.tuple([z.string()], z.string()), budgetMs: z.number() });

export const guardMessage = z.discriminatedUnion('kind', [
  /** The right to act lasts until then, on the boot clock. */
  z.object({ kind: z.literal('right'), until: z.number() }),
  /**
   * What may run here: levels, the first of which is let go of first; in each, programs of one resource one after the
   * other, resources at the same time.
   */
  z.object({
    kind: z.literal('runs'),
    anything: z.boolean(),
    levels: z.array(z.array(z.array(abortStep))),
  }),
  /** Everything was let go of, and somebody has looked. */
  z.object({ kind: z.literal('all-is-down') }),
]);
export type GuardMessage = z.infer<typeof guardMessage>;

/** What the guard says to an agent that comes. */
export const guardGreeting = z.object({ phase: z.enum(['idle', 'armed', 'dropping']) });
export type GuardPhase = z.infer<typeof guardGreeting>['phase'];

/** How a guard is started: its one argument. */
export const guardSettings = z.object({
  socket: z.string(),
  dropMs: z.number(),
  tickMs: z.number(),
  nodeDown: z.tuple([z.string()], z.string()),
});
export type GuardSettings = z.infer<typeof guardSettings>;
