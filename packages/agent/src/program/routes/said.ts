import type { SaidProblem } from '@holdfast/core';
import type { Said } from './route.ts';

/** An answer without a refusal. */
export function say<Value>(value: Value): Said<Value> {
  return { ok: true, value };
}

/** A refusal of the API itself; those of the core have their own codes. */
export function sayNo<Value>(status: number, problem: Omit<SaidProblem, 'path'>): Said<Value> {
  return { ok: false, status, problems: [{ path: '', ...problem }] };
}
