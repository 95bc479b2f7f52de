import { z } from 'zod';

/**
 * Raised with each version that writes what the one before it could not read. A cluster works at the lowest level of its
 * nodes, so that they can be brought to a new version one after the other.
 */
export const featureLevel = 1;

/** GET /v1/hello: what the nodes of a cluster ask each other all the time, on every address. */
export const helloAnswer = z.object({
  schema: z.literal('holdfast.hello/1'),
  node: z.string(),
  version: z.string(),
  /** The highest level at which it can work. */
  featureLevel: z.int(),
  phase: z.enum(['starting', 'running', 'stopping', 'stopped']),
  generation: z.int(),
  /** Whether it has the right to act; in a cluster it has to have reached a quorum of the store for that. */
  mayAct: z.boolean(),
  /** By its own wall clock, in milliseconds since 1970. */
  at: z.number(),
});
export type HelloAnswer = z.infer<typeof helloAnswer>;
