import { z } from 'zod';

/* How nodes are made surely down, and who says that one is. */

const by = z.string().min(1).max(200).default('operator');

/** GET /v1/fences: every node, how it would be fenced, and how that stands. */
export const fenceState = z.object({
  node: z.string(),
  /** The devices of each level, in the order in which they are tried. */
  levels: z.array(z.array(z.string())),
  action: z.enum(['off', 'reboot']).optional(),
  /** Of its last session, while it has not joined again. */
  fence: z
    .object({
      state: z.enum(['asked', 'confirmed', 'failed']),
      by: z.string(),
      person: z.string().optional(),
      at: z.number(),
      why: z.string(),
      says: z.string(),
      tries: z.int(),
    })
    .optional(),
});
export type FenceState = z.infer<typeof fenceState>;
export const fencesAnswer = z.object({ fences: z.array(fenceState) });
export type FencesAnswer = z.infer<typeof fencesAnswer>;

/** POST /v1/fences/NODE/confirm: a person says that the node is down for sure. */
export const confirmDownRequest = z.strictObject({
  /** How the person knows. */
  why: z.string().max(500).default(''),
  /** Only whether it would be taken, and what waits for it. */
  dryRun: z.boolean().default(false),
  by,
});
export type ConfirmDownRequest = z.input<typeof confirmDownRequest>;
/** What the node had, and may be taken over now. */
export const confirmDownAnswer = z.object({ node: z.string(), tags: z.array(z.string()) });
export type ConfirmDownAnswer = z.infer<typeof confirmDownAnswer>;

/** POST /v1/fences/NODE: fence it now, whether or not it gives a sign of life. Answered when that is over. */
export const fenceNowRequest = z.strictObject({
  why: z.string().max(500).default(''),
  dryRun: z.boolean().default(false),
  by,
});
export type FenceNowRequest = z.input<typeof fenceNowRequest>;
export const fenceNowAnswer = z.object({
  node: z.string(),
  /** `not-done`: only asked whether it could be. */
  result: z.enum(['confirmed', 'failed', 'void', 'not-done']),
  says: z.string(),
  /** What the node has now. */
  tags: z.array(z.string()),
});
export type FenceNowAnswer = z.infer<typeof fenceNowAnswer>;

/** POST /v1/fences/NODE/test: asks each of its devices whether it works and how the node's power is, and changes nothing. */
export const fenceTestRequest = z.strictObject({ by });
export const fenceTestAnswer = z.object({
  node: z.string(),
  devices: z.array(
    z.object({
      level: z.int(),
      device: z.string(),
      works: z.boolean(),
      power: z.enum(['on', 'off', 'not-known']),
      says: z.string(),
      tookMs: z.number(),
    }),
  ),
});
export type FenceTestAnswer = z.infer<typeof fenceTestAnswer>;
