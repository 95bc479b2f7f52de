import { z } from 'zod';
import { states } from '../vocabulary.ts';

/*
 * The parts of a world that a document does not have: where everything stands, what is wanted, and what happens. A part
 * that is named and empty is as one that is left out.
 */

const name = z.string().min(1);
const orEmpty = <Shape extends z.ZodType>(shape: Shape) => z.preprocess((value) => value ?? {}, shape);

export type WrittenEvent =
  | Readonly<{ nodeDown: string }>
  | Readonly<{ nodeReturns: string }>
  | Readonly<{ failed: string }>;
export type WrittenIntent = 'outOfService' | Readonly<{ inService: string }>;

/** What happens: a node is known for sure to be down, one that was is back, or a resource failed where it is in service. */
const writtenEvent = z.custom<WrittenEvent>(
  (value) => ['nodeDown', 'nodeReturns', 'failed'].some((event) => hasOnly(value, event)),
  'an event is { nodeDown: NODE }, { nodeReturns: NODE } or { failed: TAG }',
);
const writtenIntent = z.custom<WrittenIntent>(
  (value) => value === 'outOfService' || hasOnly(value, 'inService'),
  'an intent is outOfService or { inService: NODE }',
);

export const writtenSituation = z.object({
  states: orEmpty(z.record(name, orEmpty(z.record(name, z.enum(states))))).describe('node -> tag -> state'),
  intent: orEmpty(z.record(name, writtenIntent)).describe('tag -> what is wanted of it'),
  events: z
    .preprocess((value) => value ?? [], z.array(writtenEvent))
    .describe('What happens then, in order.'),
});
export type WrittenSituation = z.infer<typeof writtenSituation>;

function hasOnly(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== key) return false;
  const named = (value as Record<string, unknown>)[key];
  return typeof named === 'string' && named !== '';
}
