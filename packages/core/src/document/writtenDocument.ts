import { z } from 'zod';
import { writtenPolicy } from '../policy.ts';
import { writtenFencing } from './writtenFencing.ts';
import { writtenNotifiers } from './writtenNotifier.ts';

/*
 * The configuration as an operator writes it. What is marked `room` is part of the language from the first day
 * and refused with NOT_BUILT until it is carried out, so that a document never means less than it says.
 */

const name = z.string().min(1);
const settings = z.record(z.string(), z.unknown());

export const writtenResource = z.strictObject({
  type: name.describe('The kit that serves it.'),
  settings: settings.default({}).describe("What the type's kit asks for."),
  nodes: z.record(name, settings).default({}).describe('Settings that differ on one node.'),
  needs: z.array(name).default([]).describe('In service before it, and out of service after it.'),
  needsAny: z.array(name).default([]).describe('At least one of these is in service while it is.'),
  after: z.array(name).default([]).describe('Order only, when both start or both stop.'),
  policy: writtenPolicy.optional(),
  /** room: an instance on every node */
  runs: z.enum(['one', 'every']).default('one'),
});
export type WrittenResource = z.infer<typeof writtenResource>;

export const writtenHierarchy = z.strictObject({
  nodes: z
    .record(name, z.int().min(1).max(1024))
    .optional()
    .describe('Priority of each node; 1 is the best.'),
  switchback: z.enum(['INTELLIGENT', 'AUTOMATIC']).default('INTELLIGENT'),
  policy: writtenPolicy.optional(),
  choose: z
    .enum(['order', 'load'])
    .default('order')
    .describe('Who takes it: the best by priority, or whoever has the fewest hierarchies.'),
  /** Where it would best be chosen to run relative to other hierarchies, each named by any tag in it. */
  placement: z
    .array(
      z.strictObject({
        with: name,
        kind: z.enum(['together', 'apart']),
        priority: z.int().min(1).default(1),
      }),
    )
    .default([]),
});
export type WrittenHierarchy = z.infer<typeof writtenHierarchy>;

export const writtenNode = z.strictObject({
  name,
  /** room: choice of node by label */
  labels: z.record(z.string(), z.string()).default({}),
});

/**
 * `drop`: let go of everything when the right is over. `remove`: begin earlier, and in order, when no beat was committed for
 * half of the right. `reboot`: take the node down at once when the right is over. room: `failsafe`, keep what runs while
 * every other node confirms that it takes nothing.
 */
export const quorumLossActions = ['drop', 'remove', 'reboot', 'failsafe'] as const;
export type QuorumLoss = (typeof quorumLossActions)[number];

export const writtenDocument = z.strictObject({
  nodes: z
    .array(z.union([name, writtenNode]))
    .min(1)
    .describe('Order is priority, unless a hierarchy says otherwise.'),
  resources: z.record(z.string(), writtenResource).default({}),
  hierarchies: z.record(name, writtenHierarchy).default({}).describe('Each named by any tag in it.'),
  policy: writtenPolicy.optional(),
  quorumLoss: z
    .enum(quorumLossActions)
    .default('drop')
    .describe('What a node does that is about to lose its right to act.'),
  notifiers: writtenNotifiers,
  fencing: writtenFencing.optional().describe('How the others make sure that a node is down.'),
});
export type WrittenDocument = z.infer<typeof writtenDocument>;
