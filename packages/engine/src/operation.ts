import type { Plan, Step, StepId } from '@holdfast/core';
import type { StepOutcome } from './performStep.ts';

/** How a step ended; `skipped` because one that it waited for did not succeed. */
export type StepEnd = Omit<StepOutcome, 'result'> & Readonly<{ result: StepOutcome['result'] | 'skipped' }>;

export type OperationResult = 'done' | 'failed' | 'cancelled';

export type OperationHooks = Readonly<{
  /**
   * Asked right before a step begins, in the same turn of the event loop: says why it may not, when the right, the
   * epoch or the intent under which it was planned is gone.
   */
  mayBegin: (step: Step) => string | undefined;
  perform: (step: Step, signal: AbortSignal) => Promise<StepOutcome>;
  onBegin: (step: Step) => void;
  /** Ends before any step that waits for this one begins. */
  onEnd: (step: Step, end: StepEnd) => Promise<void>;
}>;

/**
 * A plan being carried out. Each step begins as soon as all that it waits for is done, so independent branches run
 * at the same time; a failure stops only what waits for it.
 */
export class Operation {
  readonly plan: Plan;
  readonly #hooks: OperationHooks;
  readonly #waits: Map<StepId, number>;
  readonly #waiters = new Map<StepId, Step[]>();
  readonly #running = new Map<StepId, { step: Step; abort: AbortController }>();
  readonly #settled = new Set<StepId>();
  readonly #finished = Promise.withResolvers<OperationResult>();
  #isStopping = false;
  #worst: OperationResult = 'done';

  constructor(plan: Plan, hooks: OperationHooks) {
    this.plan = plan;
    this.#hooks = hooks;
    this.#waits = new Map(plan.steps.map(({ id, after }) => [id, after.length]));
    for (const step of plan.steps) {
      for (const id of step.after) this.#waiters.set(id, [...(this.#waiters.get(id) ?? []), step]);
    }
  }

  /** Carries the plan out. Never rejects for a step that fails: the result says it. */
  run(): Promise<OperationResult> {
    if (this.plan.steps.length === 0) return Promise.resolve('done');
    for (const step of this.plan.steps) if (step.after.length === 0) this.#begin(step);
    return this.#finished.promise;
  }

  /** Begins no further step. Those under way go on, but for those that `abort` names. */
  stop(abort: (step: Step) => boolean): void {
    this.#isStopping = true;
    for (const running of this.#running.values())
      if (abort(running.step)) running.abort.abort('no longer wanted');
    if (this.#running.size === 0) this.#cancelRest();
  }

  isOpen(step: StepId): boolean {
    return !this.#settled.has(step);
  }

  #begin(step: Step): void {
    const refusal = this.#isStopping ? 'the operation was stopped' : this.#hooks.mayBegin(step);
    if (refusal !== undefined) {
      this.#endSoon(step, refusal);
      return;
    }
    const abort = new AbortController();
    this.#running.set(step.id, { step, abort });
    this.#hooks.onBegin(step);
    void (async () => {
      const outcome = await this.#hooks.perform(step, abort.signal);
      await this.#end(step, outcome);
    })().catch((error: unknown) => this.#finished.reject(error));
  }

  async #end(step: Step, end: StepEnd): Promise<void> {
    if (this.#settled.has(step.id)) return;
    this.#settled.add(step.id);
    await this.#hooks.onEnd(step, end);
    this.#running.delete(step.id);
    if (end.result === 'failed') this.#worst = 'failed';
    if (end.result === 'cancelled' && this.#worst === 'done') this.#worst = 'cancelled';

    for (const waiter of this.#waiters.get(step.id) ?? []) {
      if (this.#settled.has(waiter.id)) continue;
      if (end.result === 'done') {
        const left = this.#waits.get(waiter.id)! - 1;
        this.#waits.set(waiter.id, left);
        if (left === 0) this.#begin(waiter);
      } else {
        const evidence =
          end.result === 'cancelled'
            ? end.evidence
            : `waits for ${step.action} of ${step.tag}, which did not succeed`;
        await this.#end(waiter, {
          result: end.result === 'cancelled' ? 'cancelled' : 'skipped',
          evidence,
          todo: '',
          tookMs: 0,
        });
      }
    }
    if (this.#settled.size === this.plan.steps.length && this.#running.size === 0)
      this.#finished.resolve(this.#worst);
    else if (this.#isStopping && this.#running.size === 0) this.#cancelRest();
  }

  #cancelRest(): void {
    const rest = this.plan.steps.filter(({ id }) => !this.#settled.has(id));
    for (const step of rest) this.#endSoon(step, 'the operation was stopped');
  }

  #endSoon(step: Step, evidence: string): void {
    this.#end(step, { result: 'cancelled', evidence, todo: '', tookMs: 0 }).catch((error: unknown) =>
      this.#finished.reject(error),
    );
  }
}
