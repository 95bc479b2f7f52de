import type { SaidProblem } from '@holdfast/core';
import type { Said } from './exchange.ts';
import { type Answer, type Asked, broken } from './trouble.ts';

/** As much of a zod schema as is needed here. */
export type Schema<Value> = Readonly<{
  safeParse: (
    input: unknown,
  ) =>
    | { success: true; data: Value }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}>;

/** Reads an answer by the schema of what was asked for; anything else is a refusal, or not understood. */
export function understand<Value>(
  asked: Asked,
  said: Said,
  schemas: { value: Schema<Value>; refusal: Schema<{ problems: SaidProblem[] }> },
): Answer<Value> {
  const json = readJson(said.text);
  if (said.status >= 200 && said.status < 300) {
    if (json === undefined)
      return { ok: false, trouble: broken(asked, `it is not JSON: ${short(said.text)}`) };
    const read = schemas.value.safeParse(json.value);
    if (read.success) return { ok: true, value: read.data };
    const [issue] = read.error.issues;
    const place = issue?.path.map(String).join('.') || 'the answer';
    return { ok: false, trouble: broken(asked, `${place}: ${issue?.message}`) };
  }
  const refusal = schemas.refusal.safeParse(json?.value);
  if (refusal.success && refusal.data.problems.length > 0)
    return { ok: false, trouble: { kind: 'Refused', problems: refusal.data.problems } };
  return { ok: false, trouble: broken(asked, `HTTP ${said.status}: ${short(said.text)}`) };
}

function readJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function short(text: string): string {
  return text.length > 200 ? `${text.slice(0, 197)}...` : text || '(nothing)';
}
