import type { AgentEvent, SaidStep } from '@holdfast/core';

export type WatchedStep = Readonly<{
  step: SaidStep;
  /** `waiting` for those that it comes after. */
  phase: 'waiting' | 'running' | 'done' | 'failed' | 'skipped' | 'cancelled';
  begunAt?: number;
}>;

export type WatchedOperation = Readonly<{
  id: string;
  cause: string;
  begunAt: number;
  /** In an order in which they could be done. */
  steps: readonly WatchedStep[];
}>;

export type EndedOperation = Readonly<{
  id: string;
  cause: string;
  endedAt: number;
  result: string;
  tookMs: number;
}>;

/** What the agent does, as its events tell it. */
export type Activity = Readonly<{
  operations: readonly WatchedOperation[];
  /** The one that ended last. */
  last: EndedOperation | undefined;
}>;

export const noActivity: Activity = { operations: [], last: undefined };

/** What an event makes of it. An operation whose beginning was not heard is not known. */
export function afterEvent(activity: Activity, event: AgentEvent): Activity {
  switch (event.kind) {
    case 'operation-begun': {
      const { operation: id, cause, at: begunAt, steps } = event;
      const begun = { id, cause, begunAt, steps: steps.map((step) => ({ step, phase: 'waiting' as const })) };
      return { ...activity, operations: [...activity.operations.filter((one) => one.id !== id), begun] };
    }
    case 'step-begun':
      return withStep(activity, event, (one) => ({ ...one, phase: 'running', begunAt: event.at }));
    case 'step-ended':
      return withStep(activity, event, (one) => ({ ...one, phase: event.result }));
    case 'operation-ended': {
      const { operation: id, at: endedAt, result, tookMs } = event;
      const ended = activity.operations.find((one) => one.id === id);
      const last = ended === undefined ? activity.last : { id, cause: ended.cause, endedAt, result, tookMs };
      return { operations: activity.operations.filter((one) => one !== ended), last };
    }
    default:
      return activity;
  }
}

function withStep(
  activity: Activity,
  { operation, step: id }: { operation: string; step: string },
  change: (step: WatchedStep) => WatchedStep,
): Activity {
  const operations = activity.operations.map((one) =>
    one.id === operation
      ? { ...one, steps: one.steps.map((each) => (each.step.id === id ? change(each) : each)) }
      : one,
  );
  return { ...activity, operations };
}
