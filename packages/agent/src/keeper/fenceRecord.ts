import { z } from 'zod';

/**
 * What nodes keep in the store about a node that is made surely down. It is about one session of that node, the last that
 * it had, and stands until the node joins again: so nobody fences it twice for one cause.
 *
 *   none --asked--> asked --done--> confirmed
 *                    ^  |               |
 *       tried again  |  +--> failed     |   the node joins again, with nothing running: none
 *                    +---------+        |
 *                              +--------+-- a person confirms
 */
export const fenceRecord = z.object({
  /** The session that was ended, and the boot that it was of. A request for an earlier one is void. */
  session: z.string(),
  boot: z.string(),
  state: z.enum(['asked', 'confirmed', 'failed']),
  /** The node that does it, or did; where none has, the one on which a person confirmed it. */
  by: z.string(),
  /** The session under which it was asked: when that is over, so is its right to act on it. */
  bySession: z.string(),
  /** A person confirmed it while a device was at work for it, which may still cut the power of the node. */
  isAtWork: z.boolean().optional(),
  person: z.string().optional(),
  /** For people; nothing is decided by it. */
  at: z.number(),
  why: z.string(),
  /** How often all levels were tried. */
  tries: z.int(),
  /** How the last try went, or what a person knows. */
  says: z.string(),
});
export type FenceRecord = z.infer<typeof fenceRecord>;

export const fenceKeys = {
  fences: 'fence/',
  fence: (node: string) => `fence/${node}`,
  /** Written with each request, so that two for different nodes cannot be made at once. */
  turn: 'fence-turn',
} as const;
