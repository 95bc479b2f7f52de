import { z } from 'zod';
import type { Millis } from './vocabulary.ts';

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads `500ms`, `10s`, `5m`, `1h`, `7d`. Answers undefined for anything else. */
export function parseDuration(text: string): Millis | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  const span = Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
  return Number.isSafeInteger(span) ? span : undefined;
}

/** Says a span of time as the document would: the largest unit that divides it. */
export function sayDuration(span: Millis): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (span >= unitMs[unit] && span % unitMs[unit] === 0) return `${span / unitMs[unit]}${unit}`;
  }
  return `${span}ms`;
}

/** A span of time in a document or in settings: a number with a unit. Becomes milliseconds. */
export const duration = z.string().transform((text, context): Millis => {
  const span = parseDuration(text);
  if (span !== undefined) return span;
  context.addIssue({
    code: 'custom',
    message: `"${text}" is not a span of time; write 500ms, 10s, 5m or 1h`,
  });
  return z.NEVER;
});
