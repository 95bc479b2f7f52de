import { z } from 'zod';
import type { BootId, Generation, HierarchyId, NodeMode, NodeName, SessionId, Tag } from '../vocabulary.ts';
import { findings, states, stepActions, wants } from '../vocabulary.ts';

/*
 * What one node knows of the world when it decides. Plain data: kept with the decision that it led to, so that the
 * decision can be explained and made again.
 */

/** What the operator wants of one resource. */
export const intentRecord = z.object({
  want: z.enum(wants),
  /** Rises with each command that names the resource: a failure from before it does not forbid a new try. */
  revision: z.int(),
  by: z.string(),
  at: z.number(),
  /** For the kit's action, unchanged, when the command gave some. */
  args: z.array(z.string()).default([]),
});
export type Intent = z.infer<typeof intentRecord>;

/** The last thing that went wrong with a resource on one node. Gone when it is in service or surely out again. */
export const failureRecord = z.object({
  /** `interrupted`: a check found it failed while it should serve. The others: that action failed. */
  kind: z.enum(['interrupted', ...stepActions]),
  /** Which check found it: what a deep check found is not made good by one that does not look as far. */
  foundBy: z.enum(['quickCheck', 'deepCheck']).optional(),
  evidence: z.string(),
  todo: z.string().default(''),
  at: z.number(),
  /** The intent under which it happened. */
  intentRevision: z.int(),
  /** What the try rested on; a try on the same basis would fail again. See `basisOf`. */
  basis: z.string(),
});
export type Failure = z.infer<typeof failureRecord>;

/** Where one resource stands on one node. Written by that node alone, under its session. */
export const stateRecord = z.object({
  state: z.enum(states),
  reason: z.string(),
  since: z.number(),
  conditions: z.array(z.object({ code: z.string(), says: z.string() })).default([]),
  /** How often it came into service here: a parent that failed for want of it may be tried again. */
  rises: z.int().default(0),
  failure: failureRecord.optional(),
  /** A step under way: whoever reads this after a crash knows that the state says nothing until a check was made. */
  begun: z.enum(stepActions).optional(),
  /** When repairs of it began, on the wall clock; those older than the policy's period are dropped. */
  repairs: z.array(z.number()).default([]),
  lastCheck: z
    .object({ finding: z.enum(findings), evidence: z.string(), at: z.number(), tookMs: z.number() })
    .optional(),
});
export type StateRecord = z.infer<typeof stateRecord>;

/** A resource of which nothing is known yet. */
export const neverChecked: StateRecord = {
  state: 'ILLSTATE',
  reason: 'not checked yet',
  since: 0,
  conditions: [],
  rises: 0,
  repairs: [],
};

/** A resource that no command has named yet: a new one starts nothing. */
export const nobodyAsked: Intent = { want: 'outOfService', revision: 0, by: 'nobody', at: 0, args: [] };

/**
 * Protection of one resource is paused: no check acts on it and no failure of it is answered, until somebody resumes
 * it or the time is over. An orderly remove goes on; nothing of it is started.
 */
export const pauseRecord = z.object({
  by: z.string(),
  why: z.string(),
  at: z.number(),
  /** On the wall clock; without it, until it is resumed. */
  until: z.number().optional(),
});
export type Pause = z.infer<typeof pauseRecord>;

/** Who may run a hierarchy. Durable: it outlives the session of the node that wrote it. */
export const claimRecord = z.object({
  node: z.string().transform((name) => name as NodeName),
  boot: z.string().transform((boot) => boot as BootId),
  epoch: z.int(),
  /** True when nothing of the hierarchy runs under it. */
  clean: z.boolean(),
  /** The session that took it; nodes of a cluster count by it when it may be taken from them. */
  session: z
    .string()
    .transform((session) => session as SessionId)
    .optional(),
  /** Its session has a watchdog: when its time is over, the node has let go of it or is down. */
  watchdog: z.boolean().optional(),
  /** It was taken down with its node in an orderly way, and waits for it: no other node takes it unasked. */
  stays: z.boolean().optional(),
});
export type Claim = z.infer<typeof claimRecord>;

/** Whether a node could run a resource, as its preflight found there. Written by that node alone, under its session. */
export const readinessRecord = z.object({
  ready: z.boolean(),
  evidence: z.string(),
  todo: z.string().default(''),
  /** From 0 to 100; shown, and no part of the choice: priorities are. */
  rank: z.number(),
  warnings: z.array(z.string()).default([]),
  /** Since when it says so, on the wall clock of its node. */
  since: z.number(),
});
export type ReadinessRecord = z.infer<typeof readinessRecord>;

/** A hierarchy's lasting name and its members in this generation. */
export type HierarchyRecord = Readonly<{ id: HierarchyId; tags: readonly Tag[] }>;

/** What is known of a node. `gone`: its session has ended and its time is over. Without a mode it is active. */
export type NodeView = Readonly<{
  alive: 'yes' | 'gone' | 'not-known';
  boot?: BootId;
  session?: SessionId;
  mode?: NodeMode;
  /** How long the node that decides has seen it alive, without a break. */
  aliveForMs?: number;
  /** The node that decides has seen it alive since its own agent began. */
  wasSeen?: boolean;
  /** The revision of the store at which its present session began. */
  joinedAt?: number;
}>;

/** Why a hierarchy left a node on its own: that node does not get it back before the time is over. */
export const hierarchyFailureRecord = z.object({
  tag: z.string().transform((tag) => tag as Tag),
  evidence: z.string(),
  at: z.number(),
  until: z.number(),
});
export type HierarchyFailure = z.infer<typeof hierarchyFailureRecord>;

export type View = Readonly<{
  node: NodeName;
  boot: BootId;
  /** The wall clock of the node, for counting repairs within a period. */
  now: number;
  generation: Generation;
  basedOn: number;
  hierarchies: readonly HierarchyRecord[];
  nodes: Readonly<Record<NodeName, NodeView>>;
  intents: Readonly<Record<Tag, Intent>>;
  states: Readonly<Record<NodeName, Readonly<Record<Tag, StateRecord>>>>;
  claims: Readonly<Record<HierarchyId, Claim>>;
  /** Nodes that operators asked for. A request is spent once it is reached or refused. */
  requests?: Readonly<Record<HierarchyId, NodeName>>;
  /** Where an operator put it last, while it has not left there by itself: AUTOMATIC does not undo that. */
  placed?: Readonly<Record<HierarchyId, NodeName>>;
  /** The revision of the store at which each claim was taken. */
  takenAt?: Readonly<Record<HierarchyId, number>>;
  readiness?: Readonly<Record<NodeName, Readonly<Record<Tag, ReadinessRecord>>>>;
  /** Names that people left on nodes; those of `failoverFlags.ts` forbid failovers, or hold them up. */
  flags?: Readonly<Record<NodeName, readonly string[]>>;
  failedOn?: Readonly<Record<HierarchyId, Readonly<Record<NodeName, HierarchyFailure>>>>;
  paused?: Readonly<Record<Tag, Pause>>;
  /** How long the agent has been there, in its first life after its node booted. */
  bootedForMs?: number;
  /** Resources with a step under way, here. */
  busy: readonly Tag[];
}>;
