import { z } from 'zod';
import { fenceRecord } from '../../keeper/fenceRecord.ts';

/*
 * What the agent and its keeper say to each other, a line of JSON each. The keeper speaks first. It outlives the agent,
 * and keeps the node's right to act for the next one.
 */

const argv = z.tuple([z.string()], z.string());
const abortStep = z.object({ argv, budgetMs: z.number() });

/** How an agent is started again: only where no service manager does. */
const command = z.object({ argv, cwd: z.string(), env: z.record(z.string(), z.string()) });
export type AgentCommand = z.infer<typeof command>;

export const toKeeper = z.discriminatedUnion('kind', [
  /** Its process, as `/proc` tells it from any other that may have its number later. */
  z.object({
    kind: z.literal('hello'),
    pid: z.int(),
    startedAt: z.string(),
    again: command.optional(),
  }),
  z.object({ kind: z.literal('begin'), runs: z.array(z.string()) }),
  /**
   * What may run here: levels, the first of which is let go of first; in each, programs of one resource one after the
   * other, resources at the same time.
   */
  z.object({
    kind: z.literal('runs'),
    anything: z.boolean(),
    levels: z.array(z.array(z.array(abortStep))),
  }),
  z.object({ kind: z.literal('turned') }),
  /** Everything was let go of, and somebody has looked. */
  z.object({ kind: z.literal('all-is-down') }),
  /** It was started with other settings: one that has nothing to look after makes room for another. */
  z.object({ kind: z.literal('make-room') }),
]);
export type ToKeeper = z.infer<typeof toKeeper>;

const lost = z.enum(['not-renewed', 'ended-by-peer', 'keeper-slept', 'agent-gone']);
const own = z.object({
  node: z.string(),
  id: z.string(),
  boot: z.string(),
  revision: z.number(),
  watchdog: z.boolean().exactOptional(),
});

export const toAgent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('greeting'),
    phase: z.enum(['idle', 'armed', 'dropping']),
    isToLeave: z.boolean(),
    /** Says which settings it was started with. */
    settings: z.string(),
  }),
  z.object({ kind: z.literal('right'), own, until: z.number() }),
  z.object({ kind: z.literal('lost'), because: lost }),
  z.object({ kind: z.literal('may-not-join'), because: z.string(), fence: fenceRecord }),
  z.object({ kind: z.literal('turn?') }),
]);
export type ToAgent = z.infer<typeof toAgent>;
