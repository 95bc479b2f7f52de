import type { Finding, Millis, Resource, Settings, StepAction } from '@holdfast/core';
import type { CheckResult, Outcome } from '@holdfast/kit';
import { checkResource } from './checkResource.ts';
import type { Clock, KitRunner } from './ports.ts';
import { withinBudget } from './withinBudget.ts';

export type StepCall = Readonly<{
  resource: Resource;
  action: StepAction;
  settings: Settings;
  epoch: number;
  args: readonly string[];
  budgetMs: Millis;
  /** Budget of the check that follows a remove, or an action that did not end well. */
  checkBudgetMs: Millis;
  /** Asked before a remove is tried again: the world went on meanwhile. Says why not; undefined when it may. */
  whyNotAgain: () => string | undefined;
}>;

/** How a step went, and what a check found after it where that was not plain. */
export type StepOutcome = Readonly<{
  result: 'done' | 'failed' | 'cancelled';
  evidence: string;
  todo: string;
  tookMs: Millis;
  /** Absent after a restore or recover that is done: then it is in service. */
  finding?: Finding;
}>;

type Engine = Readonly<{ clock: Clock; kits: KitRunner }>;

/** Pauses between tries of a remove, and of a check of it that could not be made; after the last, what is known counts. */
const removePausesMs: readonly Millis[] = [200, 1_000];

/**
 * Performs one step of a plan. A remove is believed only when a check agrees, and is tried again while its budget
 * lasts: a remove that fails keeps a hierarchy from running anywhere.
 */
export async function performStep(engine: Engine, call: StepCall, signal: AbortSignal): Promise<StepOutcome> {
  const begunAt = engine.clock.now();
  const outcome =
    call.action === 'remove'
      ? await removeSurely(engine, call, signal)
      : await act(engine, call, call.budgetMs, signal);
  const tookMs = engine.clock.now() - begunAt;
  if (outcome.result === 'done') {
    return {
      result: 'done',
      evidence: outcome.evidence,
      todo: '',
      tookMs,
      ...(call.action === 'remove' ? { finding: 'out-of-service' } : {}),
    };
  }
  const { finding } = await check(engine, call);
  return {
    result: signal.aborted ? 'cancelled' : 'failed',
    evidence: outcome.evidence,
    todo: outcome.todo,
    tookMs,
    finding,
  };
}

async function removeSurely(engine: Engine, call: StepCall, signal: AbortSignal): Promise<Outcome> {
  const { clock } = engine;
  const deadline = clock.now() + call.budgetMs;
  for (let tries = 0; ; tries += 1) {
    const outcome = await act(engine, call, deadline - clock.now(), signal);
    const verdict =
      outcome.result === 'done' ? await believe(engine, call, outcome, { deadline, signal }) : outcome;
    const pauseMs = removePausesMs[tries];
    const isLast = pauseMs === undefined || clock.now() + pauseMs >= deadline;
    if (verdict.result === 'done' || isLast || signal.aborted) return verdict;
    await clock.sleep(pauseMs, signal);
    const forbidden = signal.aborted ? undefined : call.whyNotAgain();
    if (forbidden !== undefined)
      return { ...verdict, evidence: `${verdict.evidence}; not tried again: ${forbidden}` };
    if (signal.aborted) return verdict;
  }
}

/** A kit that says `done` while the resource still serves would let it run twice. */
async function believe(
  engine: Engine,
  call: StepCall,
  outcome: Outcome,
  { deadline, signal }: { deadline: Millis; signal: AbortSignal },
): Promise<Outcome> {
  let { finding, evidence } = await check(engine, call);
  for (const pauseMs of removePausesMs) {
    if (finding !== 'unknown' || signal.aborted || engine.clock.now() + pauseMs >= deadline) break;
    await engine.clock.sleep(pauseMs, signal);
    ({ finding, evidence } = await check(engine, call));
  }
  // A check that can never be made says nothing against the kit's word; anything but `out-of-service` else does.
  if (finding === 'out-of-service' || finding === 'unknown') return outcome;
  return {
    result: 'failed',
    evidence: `the kit ${call.resource.type} said that it removed ${call.resource.tag}, and a check finds it ${finding}: ${evidence}`,
    todo: `this is a fault in the kit ${call.resource.type}; take ${call.resource.tag} down by hand`,
  };
}

async function act(engine: Engine, call: StepCall, budgetMs: Millis, outer: AbortSignal): Promise<Outcome> {
  const { resource, action, settings, epoch, args } = call;
  const request = { tag: resource.tag, type: resource.type, action, settings, epoch, args, budgetMs };
  const timed = await withinBudget({ clock: engine.clock, budgetMs, outer }, (signal) =>
    engine.kits.act(request, signal),
  );
  switch (timed.ended) {
    case 'in-time':
      return timed.value;
    case 'late':
      // What is done is done, late or not; what failed late failed for want of time.
      if (timed.value.result === 'done') return timed.value;
      return {
        ...timed.value,
        evidence: `${action} was not over within ${budgetMs} ms: ${timed.value.evidence}`,
      };
    case 'abandoned':
      if (outer.aborted)
        return {
          result: 'failed',
          evidence: `${action} did not stop when it was no longer wanted`,
          todo: kitFault(call),
        };
      return {
        result: 'failed',
        evidence: `${action} did not end within ${budgetMs} ms, nor when it was told to`,
        todo: kitFault(call),
      };
    case 'threw':
      return { result: 'failed', evidence: `${action} threw: ${String(timed.error)}`, todo: kitFault(call) };
  }
}

function check(engine: Engine, call: StepCall): Promise<CheckResult> {
  const { resource, settings, epoch, checkBudgetMs } = call;
  // Not under the step's own signal: what is true after a cancelled step must be known all the more.
  return checkResource(
    engine,
    { resource, action: 'quickCheck', settings, epoch, args: [], budgetMs: checkBudgetMs },
    new AbortController().signal,
  );
}

function kitFault({ resource }: StepCall): string {
  return `this is a fault in the kit ${resource.type}; see how ${resource.tag} stands before trying again`;
}
