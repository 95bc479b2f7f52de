import type { NodeName, StepAction, StepId, Tag } from '../vocabulary.ts';

/** Why a step is in a plan, or why something is not. For people and records; the engine must not branch on it. */
export type Reason = Readonly<{
  code: ReasonCode;
  /** The resource that the reason is about, when it is not the one of the step. */
  of?: Tag;
  says: string;
}>;

export type ReasonCode =
  | 'requested'
  | 'needed-by'
  | 'rests-on'
  | 'goes-with'
  | 'wanted'
  | 'not-wanted'
  | 'check-failed'
  | 'recover-failed'
  | 'already-in-service'
  | 'already-out'
  | 'still-needed'
  | 'left-out'
  | 'paused'
  | 'waits-for'
  | 'failed-and-spent'
  | 'recovery-disabled'
  | 'recovery-spent'
  | 'notification-only'
  | 'remove-failed'
  | 'busy'
  | 'owned-elsewhere'
  | 'node-standby'
  | 'moves'
  | 'request-refused'
  | 'awaits-confirmation'
  | 'conflict'
  | 'not-known';

export type Step = Readonly<{
  id: StepId;
  node: NodeName;
  tag: Tag;
  action: StepAction;
  /** These succeed first; the only order that the engine obeys. */
  after: readonly StepId[];
  because: Reason;
}>;

/** Something that a reader might expect and that will not happen. */
export type Note = Readonly<{ tag: Tag; because: Reason }>;

export type Goal =
  | Readonly<{ kind: 'restore' | 'remove'; tag: Tag }>
  | Readonly<{ kind: 'move'; tag: Tag; to: NodeName }>
  | Readonly<{ kind: 'as-wanted' }>;

/**
 * Plain data: it can be printed, compared, kept and replayed, and leaves the engine nothing to choose. Steps
 * stand in an order in which they could be done one after the other.
 */
export type Plan = Readonly<{
  goal: Goal;
  /** The revision of the store from which the facts came. */
  basedOn: number;
  steps: readonly Step[];
  notes: readonly Note[];
}>;

/** What a planner decided to do with one resource, before it is put in order. */
export type Choice = Readonly<{ node: NodeName; tag: Tag; action: StepAction; because: Reason }>;

export function stepId(step: { node: NodeName; tag: Tag; action: StepAction }): StepId {
  return `${step.node}:${step.action}:${step.tag}` as StepId;
}

export function reason(code: ReasonCode, says: string, of?: Tag): Reason {
  return of === undefined ? { code, says } : { code, of, says };
}
