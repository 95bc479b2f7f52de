import { z } from 'zod';

/* What nodes keep in the store about who may act. Keys: `session/NODE`, `beat/NODE`, `claim/HIERARCHY`. */

/** One life of a node's right. An ended one stays, so that what was conditioned on it stays refused. */
export const sessionRecord = z.object({
  id: z.string(),
  boot: z.string(),
  /** For people; nothing is decided by it. */
  begunAt: z.number(),
  /** A watchdog was armed before it began: when it is over, the node lets go or is down within its time. */
  watchdog: z.boolean().optional(),
  /** The node that ended it; absent while it lives. */
  endedBy: z.string().optional(),
});
export type SessionRecord = z.infer<typeof sessionRecord>;

/** Raised by its node alone. Which try it was tells the node, whose answers may be lost, when it was sent. */
export const beatRecord = z.object({ session: z.string(), count: z.int(), attempt: z.int() });
export type BeatRecord = z.infer<typeof beatRecord>;

/**
 * Durable: who has, or last had, a hierarchy. The agent reads the same record as the core's claim, where the session may
 * be missing because a single node has none; here a claim without one is not understood, and so never taken.
 */
export const heldClaim = z.object({
  node: z.string(),
  boot: z.string(),
  session: z.string(),
  epoch: z.int(),
  clean: z.boolean(),
  /** As of the session that holds it. */
  watchdog: z.boolean().optional(),
});
export type HeldClaim = z.infer<typeof heldClaim>;

export const beatKeys = {
  sessions: 'session/',
  session: (node: string) => `session/${node}`,
  beats: 'beat/',
  beat: (node: string) => `beat/${node}`,
  claims: 'claim/',
  claim: (hierarchy: string) => `claim/${hierarchy}`,
} as const;

/** A record with the revision that conditions name. */
export type Standing<Record> = Readonly<{ record: Record; revision: number }>;
