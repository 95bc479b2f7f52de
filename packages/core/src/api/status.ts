import { z } from 'zod';

/**
 * What people and programs are told of the node: GET /v1/status, and the file `status.json`, which the agent
 * replaces at each change so that status commands answer also when it is down.
 */
export const status = z.object({
  schema: z.literal('holdfast.status/1'),
  /** The node that tells. */
  node: z.string(),
  /** When this was written, in milliseconds since 1970. */
  at: z.number(),
  agent: z.object({
    version: z.string(),
    pid: z.int(),
    startedAt: z.number(),
    /** `starting` until every resource was checked once; `stopped` is the last thing that a clean stop writes. */
    phase: z.enum(['starting', 'running', 'stopping', 'stopped']),
  }),
  /** 0 before anything was applied. */
  generation: z.int(),
  nodes: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['ALIVE', 'DEAD', 'UNKNOWN']),
      mode: z.enum(['active', 'standby', 'paused']),
    }),
  ),
  hierarchies: z.array(
    z.object({
      id: z.string(),
      tags: z.array(z.string()),
      /** The node that holds the claim; null when nobody does. */
      owner: z.string().nullable(),
      epoch: z.int(),
      nodes: z.array(z.object({ node: z.string(), priority: z.int() })),
      switchback: z.enum(['INTELLIGENT', 'AUTOMATIC']),
    }),
  ),
  /** In the order of the document. */
  resources: z.array(
    z.object({
      tag: z.string(),
      type: z.string(),
      identity: z.string(),
      hierarchy: z.string(),
      needs: z.array(z.string()),
      needsAny: z.array(z.string()),
      after: z.array(z.string()),
      want: z.enum(['inService', 'outOfService']),
      wantedBy: z.string(),
      /** On the node that tells. */
      state: z.enum(['ISP', 'ISU', 'OSU', 'OSF', 'ILLSTATE']),
      reason: z.string(),
      since: z.number(),
      conditions: z.array(z.object({ code: z.string(), says: z.string() })),
      lastCheck: z
        .object({ finding: z.string(), evidence: z.string(), at: z.number(), tookMs: z.number() })
        .optional(),
      paused: z
        .object({ by: z.string(), why: z.string(), at: z.number(), until: z.number().optional() })
        .optional(),
      /** Why it is not as wanted, when nothing is done about it. */
      blocked: z.string().optional(),
      todo: z.string().optional(),
      /** The step under way. */
      acting: z.string().optional(),
      quickCheckEveryMs: z.number(),
      /** On the other nodes of the cluster, as each last wrote it. */
      elsewhere: z
        .array(
          z.object({
            node: z.string(),
            state: z.enum(['ISP', 'ISU', 'OSU', 'OSF', 'ILLSTATE']),
            reason: z.string(),
            since: z.number(),
          }),
        )
        .optional(),
    }),
  ),
  /** Names that people and scripts left on this node; see flags.ts. */
  flags: z.array(z.string()).optional(),
  /** In the order of agent.yaml. */
  kits: z
    .array(
      z.object({
        /** As agent.yaml names it. */
        name: z.string(),
        /** Absent when it was refused before it could say. */
        type: z.string().optional(),
        /** `agent`: in the agent's own thread; `own`: in a thread of its own, which is ended when it hangs. */
        thread: z.enum(['agent', 'own']),
        /** `refused`: not loaded. `broken`: it failed so often that it is left alone for a while. */
        state: z.enum(['loaded', 'refused', 'broken']),
        says: z.string(),
        todo: z.string().optional(),
      }),
    )
    .optional(),
  operations: z.array(z.object({ id: z.string(), cause: z.string(), begunAt: z.number() })),
});
export type Status = z.infer<typeof status>;
export type ResourceStatus = Status['resources'][number];
