import { type NodeName, nodeModes } from '@holdfast/core';
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

export { sessionRecord } from './keeper/beatRecords.ts';

/** The node on which a hierarchy is wanted, until it is there; or why it did not go there, until somebody asks again. */
export const requestRecord = z.object({
  node: z.string().transform((node) => node as NodeName),
  by: z.string(),
  at: z.number(),
  refused: z.string().optional(),
});
export type RequestRecord = z.infer<typeof requestRecord>;

export const placedRecord = z.object({
  node: z.string().transform((node) => node as NodeName),
  by: z.string(),
  at: z.number(),
});
export type PlacedRecord = z.infer<typeof placedRecord>;

export const modeRecord = z.object({ mode: z.enum(nodeModes) });
