import type { ProblemCode } from './problemCodes.ts';

/** Expected trouble, as a value: what is wrong, the fact that proves it, and what to do next. */
export type Problem = Readonly<{
  /** Stable: scripts and tests match on this, never on the prose. */
  code: ProblemCode;
  /** Where in the document, such as `resources.pg.needs.0`; empty when it is about no place. */
  path: string;
  what: string;
  why: string;
  todo: string;
}>;

export type Result<Value> =
  | Readonly<{ ok: true; value: Value }>
  | Readonly<{ ok: false; problems: readonly Problem[] }>;

export function ok<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

export function refuse<Value>(...problems: readonly Problem[]): Result<Value> {
  return { ok: false, problems };
}
