import { findings } from '@holdfast/core';
import { z } from 'zod';

const says = z.string().min(1);

const outcome = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('done'), evidence: says }),
  z.strictObject({ result: z.literal('failed'), evidence: says, todo: says }),
]);
const check = z.strictObject({
  finding: z.enum(findings),
  evidence: says,
  conditions: z.array(z.strictObject({ code: says, says })).optional(),
});
const readiness = z.strictObject({
  ready: z.boolean(),
  evidence: says,
  todo: z.string(),
  rank: z.number().min(0).max(100),
  warnings: z.array(says),
});
const abort = z.array(z.strictObject({ argv: z.array(z.string()).min(1), budgetMs: z.number().positive() }));

const shapes = {
  restore: outcome,
  remove: outcome,
  recover: outcome,
  quickCheck: check,
  deepCheck: check,
  preflight: readiness,
  abort,
} as const;

/** What is wrong with the form of a kit's answer; undefined when it may be believed to be one. */
export function faultInAnswer(action: keyof typeof shapes, answer: unknown): string | undefined {
  const read = shapes[action].safeParse(answer);
  return read.success
    ? undefined
    : `the answer of ${action} has the wrong form: ${z.prettifyError(read.error)}`;
}
