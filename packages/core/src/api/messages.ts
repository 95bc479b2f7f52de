import { z } from 'zod';
import { warning } from './warning.ts';

/*
 * What the agent and its callers say to each other over HTTP. The agent checks every request against these, the
 * client every answer; a change that an older side cannot read gets a new number in the path: `/v1/status`.
 */

const problem = z.object({
  code: z.string(),
  path: z.string(),
  what: z.string(),
  why: z.string(),
  todo: z.string(),
});
export const problemAnswer = z.object({ problems: z.array(problem) });
export type SaidProblem = z.infer<typeof problem>;

const reason = z.object({ code: z.string(), of: z.string().optional(), says: z.string() });
const step = z.object({
  id: z.string(),
  node: z.string(),
  tag: z.string(),
  action: z.enum(['restore', 'remove', 'recover']),
  after: z.array(z.string()),
  because: reason,
});
const note = z.object({ tag: z.string(), because: reason });
export const saidPlan = z.object({ steps: z.array(step), notes: z.array(note) });
export type SaidPlan = z.infer<typeof saidPlan>;
export type SaidStep = z.infer<typeof step>;

/** POST /v1/commands */
export const commandRequest = z.strictObject({
  action: z.enum(['restore', 'remove']),
  tag: z.string().min(1),
  /** restore: also what is above it, with all that those need. */
  parents: z.boolean().default(true),
  /** remove: with what rests on it, only itself, or all below it as well. */
  reach: z.enum(['above', 'only', 'whole']).default('above'),
  /** restore: where it is to run, the node that is asked when left out. In service elsewhere, it moves. */
  node: z.string().min(1).optional(),
  /** remove: only what runs on the node that is asked; else wherever it runs. */
  here: z.boolean().optional(),
  /** restore: refuse when it is in service on another node. */
  refuseIfElsewhere: z.boolean().default(false),
  /** Handed to the kit's action unchanged. */
  args: z.array(z.string()).max(100).default([]),
  dryRun: z.boolean().default(false),
  /** Without the global scripts around it. */
  skipScripts: z.boolean().optional(),
  /** Who asks, for the records. */
  by: z.string().min(1).max(200).default('operator'),
});
export type CommandRequest = z.input<typeof commandRequest>;

/** The command is taken: its intent is stored. `fromEvent` is where to follow it in the stream of events. */
export const commandAnswer = z.object({
  /** Absent for a dry run. */
  command: z.string().optional(),
  fromEvent: z.int(),
  plan: saidPlan,
});
export type CommandAnswer = z.infer<typeof commandAnswer>;

/** POST /v1/checks: one check of one resource, now. */
export const checkRequest = z.strictObject({
  tag: z.string().min(1),
  action: z.enum(['quickCheck', 'deepCheck']),
  args: z.array(z.string()).max(100).default([]),
});
export const checkAnswer = z.object({
  finding: z.enum(['in-service', 'out-of-service', 'degraded', 'failed', 'timeout', 'unknown']),
  evidence: z.string(),
  tookMs: z.number(),
});
export type CheckAnswer = z.infer<typeof checkAnswer>;

/** POST and DELETE /v1/pauses: of one resource, of all that is in its hierarchy, or of all on the node. */
const pauseScope = {
  tag: z.string().min(1).optional(),
  scope: z.enum(['resource', 'hierarchy', 'node']).default('resource'),
};
export const pauseRequest = z.strictObject({
  ...pauseScope,
  why: z.string().max(500).default(''),
  /** On the wall clock, in milliseconds since 1970; without it, until it is resumed. */
  until: z.number().optional(),
  dryRun: z.boolean().default(false),
  by: z.string().min(1).max(200).default('operator'),
});
export const resumeRequest = z.strictObject({
  ...pauseScope,
  dryRun: z.boolean().default(false),
  by: z.string().min(1).max(200).default('operator'),
});
export const pauseAnswer = z.object({ tags: z.array(z.string()) });
export type PauseRequest = z.input<typeof pauseRequest>;
export type ResumeRequest = z.input<typeof resumeRequest>;
export type PauseAnswer = z.infer<typeof pauseAnswer>;

/**
 * POST /v1/stop: the agent stops, and with `takeDown` first takes down, in order, all that runs on its node. What
 * was in service is so again when an agent starts, for the intents stay. A second request may change `takeDown` to
 * `leave`.
 */
export const stopRequest = z.strictObject({
  services: z.enum(['leave', 'takeDown']),
  /** What is taken down may come up on another node; else it waits for this one. */
  switchover: z.boolean().optional(),
  dryRun: z.boolean().default(false),
  by: z.string().min(1).max(200).default('operator'),
});
export type StopRequest = z.input<typeof stopRequest>;
/** Taken: the stream of events, from `fromEvent` on, tells what goes, and ends with `agent-stopped`. */
export const stopAnswer = z.object({ fromEvent: z.int(), plan: saidPlan });
export type StopAnswer = z.infer<typeof stopAnswer>;

/** PUT /v1/configuration */
export const applyRequest = z.strictObject({
  document: z.unknown(),
  dryRun: z.boolean().default(false),
  /** Refuse when another generation is in force: who changes a document must have read the present one. */
  basedOn: z.int().min(0).optional(),
  /** Without the global scripts around the deletion of resources. */
  skipScripts: z.boolean().optional(),
  by: z.string().min(1).max(200).default('operator'),
});
export const change = z.object({
  kind: z.enum(['added', 'removed', 'changed']),
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export const applyAnswer = z.object({
  generation: z.int(),
  changes: z.array(change),
  /** Of the document that was given, in a cluster. */
  warnings: z.array(warning).optional(),
});
export type ApplyAnswer = z.infer<typeof applyAnswer>;

/** GET /v1/configuration */
export const configurationAnswer = z.object({ generation: z.int(), document: z.unknown() });

/** GET /v1/configurations: every generation that was applied, newest first. GET /v1/configurations/N: one of them. */
const generationRow = z.object({ generation: z.int(), by: z.string(), at: z.number() });
export const configurationsAnswer = z.object({ configurations: z.array(generationRow) });
export const generationAnswer = generationRow.extend({ document: z.unknown() });
export type ConfigurationsAnswer = z.infer<typeof configurationsAnswer>;
export type GenerationAnswer = z.infer<typeof generationAnswer>;

/**
 * GET /v1/events?from=N: a line of JSON for each event, the kept ones from N on, then each as it happens. Without
 * `from`, only new ones.
 */
const common = { sequence: z.int(), at: z.number() };
export const agentEvent = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('check-failed'),
    tag: z.string(),
    finding: z.string(),
    evidence: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal('operation-begun'),
    operation: z.string(),
    cause: z.string(),
    commands: z.array(z.string()),
    steps: z.array(step),
  }),
  z.object({
    ...common,
    kind: z.literal('step-begun'),
    operation: z.string(),
    step: z.string(),
    tag: z.string(),
    action: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal('step-ended'),
    operation: z.string(),
    step: z.string(),
    tag: z.string(),
    action: z.string(),
    result: z.enum(['done', 'failed', 'skipped', 'cancelled']),
    evidence: z.string(),
    todo: z.string(),
    tookMs: z.number(),
  }),
  z.object({
    ...common,
    kind: z.literal('operation-ended'),
    operation: z.string(),
    result: z.enum(['done', 'failed', 'cancelled']),
    tookMs: z.number(),
  }),
  z.object({
    ...common,
    kind: z.literal('state-changed'),
    tag: z.string(),
    from: z.string(),
    to: z.string(),
    reason: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal('command-ended'),
    command: z.string(),
    /** `overtaken`: a later command wants something else of the same resources. */
    result: z.enum(['done', 'failed', 'overtaken']),
    unmet: z.array(z.object({ tag: z.string(), state: z.string(), says: z.string() })),
  }),
  z.object({ ...common, kind: z.literal('adopted'), tag: z.string(), says: z.string() }),
  z.object({ ...common, kind: z.literal('configuration-applied'), generation: z.int(), by: z.string() }),
  z.object({
    ...common,
    kind: z.literal('paused'),
    tags: z.array(z.string()),
    by: z.string(),
    why: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal('given-up'),
    tag: z.string(),
    /** Why nothing more is done about it by itself. */
    code: z.string(),
    says: z.string(),
    todo: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal('conditions-changed'),
    tag: z.string(),
    began: z.array(z.object({ code: z.string(), says: z.string() })),
    ended: z.array(z.object({ code: z.string(), says: z.string() })),
  }),
  /** A hierarchy was taken over from another node. */
  z.object({
    ...common,
    kind: z.literal('moved'),
    hierarchy: z.string(),
    tags: z.array(z.string()),
    from: z.string(),
    to: z.string(),
  }),
  /** A node that is gone is made surely down. */
  z.object({
    ...common,
    kind: z.literal('fence-begun'),
    node: z.string(),
    why: z.string(),
    tries: z.int(),
  }),
  z.object({
    ...common,
    kind: z.literal('fence-ended'),
    node: z.string(),
    /** `void`: the node has begun another session, or another has settled it meanwhile. */
    result: z.enum(['confirmed', 'failed', 'void']),
    says: z.string(),
    todo: z.string(),
    tookMs: z.number(),
  }),
  /** A person said that a node is down for sure. */
  z.object({
    ...common,
    kind: z.literal('confirmed-down'),
    node: z.string(),
    by: z.string(),
    why: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal('agent-started'),
    /** What ended the life of the agent before this one. */
    after: z.enum(['stop', 'crash', 'power-loss']),
    says: z.string(),
  }),
  /** Whether this node could run something that it does not, by its preflight. */
  z.object({
    ...common,
    kind: z.literal('readiness-changed'),
    tag: z.string(),
    ready: z.boolean(),
    evidence: z.string(),
    todo: z.string(),
  }),
  z.object({ ...common, kind: z.literal('resumed'), tags: z.array(z.string()), by: z.string() }),
  z.object({
    ...common,
    /** A global script before or after an action: `pre-restore`. */
    kind: z.literal('script-ended'),
    moment: z.string(),
    script: z.string(),
    result: z.enum(['done', 'failed', 'refused']),
    evidence: z.string(),
    tookMs: z.number(),
  }),
  z.object({ ...common, kind: z.literal('agent-stopping'), says: z.string() }),
  z.object({
    ...common,
    kind: z.literal('agent-stopped'),
    /** What still runs, or may run, and why. */
    left: z.array(z.object({ tag: z.string(), state: z.string(), says: z.string() })),
  }),
]);
export type AgentEvent = z.infer<typeof agentEvent>;
export const eventKinds = agentEvent.options.map(({ shape }) => shape.kind.value);

/** An event before the stream gives it a number and a time. */
export type NewEvent = AgentEvent extends infer Event
  ? Event extends AgentEvent
    ? Omit<Event, 'sequence' | 'at'>
    : never
  : never;

/** GET /v1/operations/ID, and the rows of GET /v1/operations (newest first). */
export const operationAnswer = z.object({
  id: z.string(),
  /** Which life of the agent did it. */
  session: z.string().optional(),
  cause: z.string(),
  /** When a check found what it repairs, where it repairs something. */
  detectedAt: z.number().optional(),
  begunAt: z.number(),
  endedAt: z.number().optional(),
  result: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  events: z.array(agentEvent),
});
export type OperationAnswer = z.infer<typeof operationAnswer>;
export const operationsAnswer = z.object({ operations: z.array(operationAnswer) });

/** GET /v1/history?since=&max=: what the journal keeps, in its order. The numbers are of the life that told them. */
export const historyAnswer = z.object({ events: z.array(agentEvent) });
export type HistoryAnswer = z.infer<typeof historyAnswer>;

/** GET /v1/why/TAG */
const fact = z.object({ says: z.string(), at: z.number().optional() });
export const whyAnswer = z.object({
  tag: z.string(),
  state: z.string(),
  want: z.string(),
  because: z.array(fact),
  /** What would have to change, or what to do; empty when all is as wanted. */
  would: z.array(fact),
});
export type WhyAnswer = z.infer<typeof whyAnswer>;

/** GET /v1/operations/ID/replay: the kept view decided about again, by the rules of today. */
export const replayAnswer = z.object({
  id: z.string(),
  generation: z.int(),
  isSame: z.boolean(),
  /** Steps that only the one or the other has, such as `restore db`. */
  onlyThen: z.array(z.string()),
  onlyNow: z.array(z.string()),
});
export type ReplayAnswer = z.infer<typeof replayAnswer>;

/** GET /v1/notifiers */
export const notifierState = z.object({
  name: z.string(),
  type: z.enum(['command', 'webhook', 'email']),
  /** Where it goes, without anything that could be a secret. */
  to: z.string(),
  state: z.enum(['idle', 'sending', 'waiting']),
  /** Messages, since the agent started. */
  sent: z.int(),
  failed: z.int(),
  dropped: z.int(),
  queued: z.int(),
  lastSentAt: z.number().optional(),
  /** When the next try is made, while it waits after one that failed. */
  nextTryAt: z.number().optional(),
  lastError: z.object({ at: z.number(), says: z.string() }).optional(),
});
export type NotifierState = z.infer<typeof notifierState>;
export const notifiersAnswer = z.object({ notifiers: z.array(notifierState) });
export type NotifiersAnswer = z.infer<typeof notifiersAnswer>;

/** POST /v1/notifiers/NAME/test: a message that only says that it is a test. Answers how that went. */
export const notifierTestRequest = z.strictObject({ by: z.string().min(1).max(200).default('operator') });
export const notifierTestAnswer = z.object({
  name: z.string(),
  isSent: z.boolean(),
  says: z.string(),
  tookMs: z.number(),
});
export type NotifierTestAnswer = z.infer<typeof notifierTestAnswer>;
