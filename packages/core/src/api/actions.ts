import { z } from 'zod';

/**
 * POST /v1/actions: any other action of a kit, on one resource and nothing around it. `restore` and `remove` are
 * commands, checks have an address of their own.
 */
export const actionRequest = z.strictObject({
  tag: z.string().min(1),
  action: z.string().min(1).max(100),
  /** Handed to the kit's action unchanged. */
  args: z.array(z.string()).max(100).default([]),
  by: z.string().min(1).max(200).default('operator'),
});
export type ActionRequest = z.input<typeof actionRequest>;

export const actionAnswer = z.discriminatedUnion('kind', [
  /** It is under way; follow it in the stream of events from this one on. */
  z.object({ kind: z.literal('operation'), operation: z.string(), fromEvent: z.int() }),
  z.object({
    kind: z.literal('readiness'),
    ready: z.boolean(),
    evidence: z.string(),
    todo: z.string(),
    rank: z.number(),
    warnings: z.array(z.string()),
    tookMs: z.number(),
  }),
]);
export type ActionAnswer = z.infer<typeof actionAnswer>;
