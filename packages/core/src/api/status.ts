import { z } from 'zod';
import { warning } from './warning.ts';

/** One address of a node, as it is reached from the node that tells. */
const path = z.object({
  address: z.string(),
  /** Our end of it, when it answered last. */
  from: z.string().optional(),
  /** `UNKNOWN` until it was asked for the first time. */
  state: z.enum(['ALIVE', 'DEAD', 'UNKNOWN']),
  /** Of one that does not answer: when it last did. One that is ALIVE answered within the last seconds. */
  lastHeardAt: z.number().optional(),
  /** Why it does not answer. */
  says: z.string().optional(),
});

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
  /** The lowest of this node and those that answer it; see featureLevel in hello.ts. */
  featureLevel: z.int().optional(),
  /** 0 before anything was applied. */
  generation: z.int(),
  nodes: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['ALIVE', 'DEAD', 'UNKNOWN']),
      mode: z.enum(['active', 'standby', 'paused']),
      /** The addresses at which its agent is asked from here, best first. Absent where agent.yaml names none. */
      paths: z.array(path).optional(),
      /** What it last said of itself, when asked directly: also when the store does not answer. */
      told: z
        .object({
          version: z.string(),
          featureLevel: z.int(),
          phase: z.enum(['starting', 'running', 'stopping', 'stopped']),
          generation: z.int(),
          mayAct: z.boolean(),
          /** Its wall clock minus ours, in milliseconds, where that is more than the question took. */
          clockAheadMs: z.number().optional(),
        })
        .optional(),
      /** Whether it was made sure that it is down, since it was last heard of; absent where nobody tried. */
      fence: z
        .object({ state: z.enum(['asked', 'confirmed', 'failed']), says: z.string(), at: z.number() })
        .optional(),
    }),
  ),
  /** Of a node in a cluster: whether it has the right to act, for which it has to reach a quorum of the store. */
  quorum: z.object({ isThere: z.boolean(), says: z.string() }).optional(),
  /** The members of the store, each asked by itself. Absent where the node keeps its own. */
  store: z
    .object({
      kind: z.literal('etcd'),
      members: z.array(
        z.object({
          endpoint: z.string(),
          name: z.string().optional(),
          id: z.string().optional(),
          /** `UNKNOWN`: not named in agent.yaml, or not asked yet. */
          state: z.enum(['ALIVE', 'DEAD', 'UNKNOWN']),
          isLeader: z.boolean(),
          version: z.string().optional(),
          says: z.string().optional(),
        }),
      ),
    })
    .optional(),
  hierarchies: z.array(
    z.object({
      id: z.string(),
      tags: z.array(z.string()),
      /** The node that holds the claim; null when nobody does. */
      owner: z.string().nullable(),
      epoch: z.int(),
      nodes: z.array(
        z.object({
          node: z.string(),
          priority: z.int(),
          /** Of a standby: whether it could take it, as its own preflights say. */
          readiness: z
            .object({
              state: z.enum(['ready', 'not-ready', 'not-known']),
              /** The lowest of its resources; from 0 to 100, the higher, the better. */
              rank: z.number().optional(),
              why: z.string().optional(),
              todo: z.string().optional(),
              warnings: z.array(z.string()).optional(),
            })
            .optional(),
        }),
      ),
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
  /**
   * There while the agent cannot know how things stand, such as while its store does not answer: hierarchies and
   * resources are as of `at`, and their services may have been let go of since. What nodes answer directly is of now.
   */
  lastKnown: z.object({ at: z.number().optional(), says: z.string() }).optional(),
  /** What works, and will not do what people may expect of it when a node dies. */
  warnings: z.array(warning).optional(),
  operations: z.array(z.object({ id: z.string(), cause: z.string(), begunAt: z.number() })),
});
export type Status = z.infer<typeof status>;
export type StoreStatus = NonNullable<Status['store']>;
export type PathStatus = z.infer<typeof path>;
export type ResourceStatus = Status['resources'][number];
