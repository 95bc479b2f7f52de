import { z } from 'zod';

/* What else the agent keeps in the store, besides the records of the core's view. */

export const configurationRecord = z.object({
  schema: z.literal(1),
  generation: z.int(),
  document: z.unknown(),
  by: z.string(),
  at: z.number(),
});
export type ConfigurationRecord = z.infer<typeof configurationRecord>;

export const hierarchiesRecord = z.array(z.object({ id: z.string(), tags: z.array(z.string()) }));

/** A name that somebody left on a node. */
export const flagRecord = z.object({ by: z.string(), at: z.number() });
export type FlagRecord = z.infer<typeof flagRecord>;

export const sessionRecord = z.object({ id: z.string(), boot: z.string(), begunAt: z.number() });
