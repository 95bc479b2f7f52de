import { z } from 'zod';

/**
 * POST /v1/preflights: could a node run the hierarchy of a resource, as a document would have it? Asked before the
 * document is applied; nothing is changed. The agent of that node looks.
 */
export const preflightRequest = z.strictObject({
  node: z.string().min(1),
  tag: z.string().min(1),
  document: z.unknown(),
});
export type PreflightRequest = z.input<typeof preflightRequest>;

export const foundReady = z.object({
  tag: z.string(),
  ready: z.boolean(),
  evidence: z.string(),
  todo: z.string(),
  rank: z.number(),
  warnings: z.array(z.string()),
});
export type FoundReady = z.infer<typeof foundReady>;

/** Of each resource of the hierarchy, in no order that means anything. */
export const preflightAnswer = z.object({ node: z.string(), resources: z.array(foundReady) });
export type PreflightAnswer = z.infer<typeof preflightAnswer>;

/** POST /v1/confirmations: may another node take over what a node had that is down? */
export const confirmationRequest = z.strictObject({
  node: z.string().min(1),
  answer: z.enum(['yes', 'no']),
  by: z.string().min(1).max(200).default('operator'),
});
export type ConfirmationRequest = z.input<typeof confirmationRequest>;

/** The hierarchies that waited for the answer, and who takes each; none with `no`. */
export const confirmationAnswer = z.object({
  hierarchies: z.array(z.object({ id: z.string(), tags: z.array(z.string()), node: z.string() })),
});
export type ConfirmationAnswer = z.infer<typeof confirmationAnswer>;
