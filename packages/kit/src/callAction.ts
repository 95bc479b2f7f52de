import type { Millis, NodeName, Tag } from '@holdfast/core';
import type { AbortStep, CheckResult, Kit, KitLog, Memory, Outcome, Readiness } from './contract.ts';
import { faultInAnswer } from './faultInAnswer.ts';
import { type Run, run } from './run.ts';

export const callableActions = [
  'restore',
  'remove',
  'quickCheck',
  'deepCheck',
  'recover',
  'preflight',
  'abort',
] as const;
export type CallableAction = (typeof callableActions)[number];

export type ActionCall = Readonly<{
  kit: Kit;
  action: CallableAction;
  /** Checked already. */
  settings: unknown;
  tag: string;
  node: string;
  budgetMs: Millis;
  args?: readonly string[];
  signal?: AbortSignal;
  log?: KitLog;
  /** Kept by the caller from one call to the next; a new one when left out. */
  memory?: Memory;
  /** In the place of `run`, for who wants to see what is started. */
  run?: Run;
}>;

/** What came of a call: the kit's answer, or what is wrong with the kit. */
export type ActionAnswer = Readonly<{
  answer: Outcome | CheckResult | Readiness | readonly AbortStep[] | undefined;
  /** A fault of the kit: it threw, its answer has the wrong form, or it did not stop when told to. */
  fault: string | undefined;
  /** The fault is that it went on after its budget. */
  isLate: boolean;
  tookMs: Millis;
}>;

/** So long an action has after its budget to stop what it does and say so. */
export const graceMs = 1_000;

/** Calls one action as the engine would: within a budget, with a signal, and with a look at what it answers. */
export async function callAction(call: ActionCall): Promise<ActionAnswer> {
  const begunAt = performance.now();
  const answered = (answer: ActionAnswer['answer'], fault?: string, isLate = false): ActionAnswer => ({
    answer,
    fault,
    isLate,
    tookMs: performance.now() - begunAt,
  });
  const perform = call.kit[call.action];
  if (perform === undefined) return answered(undefined, `the kit ${call.kit.type} has no ${call.action}`);
  const budget = AbortSignal.timeout(call.budgetMs);
  const signal = call.signal === undefined ? budget : AbortSignal.any([budget, call.signal]);
  const late = Symbol('late');
  let lateTimer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<typeof late>((resolve) => {
    lateTimer = setTimeout(() => resolve(late), call.budgetMs + graceMs);
  });
  try {
    const answer = await Promise.race([
      perform({
        tag: call.tag as Tag,
        node: call.node as NodeName,
        settings: call.settings,
        epoch: 0,
        args: call.args ?? [],
        signal,
        budgetMs: call.budgetMs,
        log: call.log ?? silent,
        // As the agent does it: what a kit forgot to tie to its signal ends with the action all the same.
        run: (argv, options) => (call.run ?? run)(argv, { signal, ...options }),
        memory: call.memory ?? new Map(),
      }),
      tooLate,
    ]);
    if (answer === late) {
      const says = `${call.action} had not answered ${graceMs} ms after its budget of ${call.budgetMs} ms`;
      return answered(undefined, says, true);
    }
    return answered(answer, faultInAnswer(call.action, answer));
  } catch (error) {
    return answered(
      undefined,
      `${call.action} threw: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    clearTimeout(lateTimer);
  }
}

const silent: KitLog = { debug: () => undefined, info: () => undefined, warn: () => undefined };
