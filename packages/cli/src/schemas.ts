import {
  agentEvent,
  confirmDownAnswer,
  fenceNowAnswer,
  fencesAnswer,
  fenceTestAnswer,
  notifiersAnswer,
  notifierTestAnswer,
  operationAnswer,
  problemAnswer,
  replayAnswer,
  saidPlan,
  status,
  whyAnswer,
} from '@holdfast/core';
import { z } from 'zod';
import { exitCodes } from './exitCodes.ts';

/*
 * What `--json` prints, by the name that each line or document carries. A script may rely on these: a field that goes,
 * or changes its meaning, makes a new number. Fields may be added.
 */

const named = <Name extends string>(schema: Name) => ({ schema: z.literal(schema) });
const resource = status.shape.resources.element;
const tag = z.string();

const node = status.shape.nodes.element.extend({
  /** Whether it is the node that answers. */
  isThis: z.boolean(),
  /** Hierarchies that it has the claim of. */
  owns: z.array(z.string()),
});

export const schemas = {
  'holdfast.status/1': status,
  'holdfast.plan/1': saidPlan.extend({ ...named('holdfast.plan/1'), command: z.string().optional() }),
  /** One line for each event while a command is followed, or the status is watched. */
  'holdfast.event/1': z.intersection(agentEvent, z.object(named('holdfast.event/1'))),
  /** The last line of each command that acts, and the only one of a command that could not. */
  'holdfast.result/1': problemAnswer.extend({
    ...named('holdfast.result/1'),
    exitCode: z.literal(Object.values(exitCodes)),
    result: z.enum([
      'done',
      'nothing-to-do',
      'planned',
      'failed',
      'overtaken',
      'refused',
      'lost',
      'no-answer',
      'interrupted',
    ]),
  }),
  'holdfast.configuration/1': z.object({
    ...named('holdfast.configuration/1'),
    generation: z.int(),
    document: z.unknown(),
  }),
  'holdfast.notifiers/1': notifiersAnswer.extend(named('holdfast.notifiers/1')),
  /** One line for each notifier that was tested. */
  'holdfast.notify-test/1': notifierTestAnswer.extend(named('holdfast.notify-test/1')),
  'holdfast.fences/1': fencesAnswer.extend(named('holdfast.fences/1')),
  /** One line for each node whose devices were tested. */
  'holdfast.fence-test/1': fenceTestAnswer.extend(named('holdfast.fence-test/1')),
  'holdfast.fence/1': fenceNowAnswer.extend(named('holdfast.fence/1')),
  'holdfast.confirm-down/1': confirmDownAnswer.extend({
    ...named('holdfast.confirm-down/1'),
    dryRun: z.boolean(),
  }),
  'holdfast.generations/1': z.object({
    ...named('holdfast.generations/1'),
    generations: z.array(z.object({ generation: z.int(), by: z.string(), at: z.number() })),
  }),
  'holdfast.value/1': z.object({
    ...named('holdfast.value/1'),
    generation: z.int(),
    path: z.string(),
    value: z.unknown(),
  }),
  'holdfast.resources/1': z.object({
    ...named('holdfast.resources/1'),
    resources: z.array(
      resource.pick({
        tag: true,
        type: true,
        identity: true,
        state: true,
        want: true,
        needs: true,
        needsAny: true,
        after: true,
      }),
    ),
  }),
  'holdfast.resource/1': z.object({
    ...named('holdfast.resource/1'),
    resource,
    /** As the document has it; null when the agent could not be asked. */
    written: z.record(z.string(), z.unknown()).nullable(),
  }),
  'holdfast.policy/1': z.object({
    ...named('holdfast.policy/1'),
    generation: z.int(),
    tag: tag.nullable(),
    values: z.array(
      z.object({
        name: z.string(),
        value: z.union([z.string(), z.number(), z.boolean()]),
        from: z.enum(['default', 'cluster', 'hierarchy', 'resource', 'kit']),
      }),
    ),
  }),
  'holdfast.nodes/1': z.object({ ...named('holdfast.nodes/1'), nodes: z.array(node) }),
  'holdfast.node/1': node.extend({ ...named('holdfast.node/1'), agent: status.shape.agent.optional() }),
  'holdfast.graph/1': z.object({
    ...named('holdfast.graph/1'),
    boxes: z.array(
      resource
        .pick({ tag: true, type: true, state: true, want: true })
        .extend({ layer: z.int(), place: z.int() }),
    ),
    edges: z.array(z.object({ from: tag, to: tag, kind: z.enum(['needs', 'needsAny', 'after']) })),
  }),
  'holdfast.doctor/1': z.object({
    ...named('holdfast.doctor/1'),
    findings: z.array(
      z.object({
        level: z.enum(['ok', 'warning', 'problem']),
        check: z.string(),
        says: z.string(),
        todo: z.string(),
      }),
    ),
  }),
  'holdfast.agent/1': z.object({
    ...named('holdfast.agent/1'),
    node: z.string(),
    agent: z.enum(['starting', 'running', 'stopping', 'stopped', 'down']),
    version: z.string(),
    pid: z.int(),
    startedAt: z.number(),
    generation: z.int(),
    socket: z.string(),
  }),
  'holdfast.pause/1': z.object({
    ...named('holdfast.pause/1'),
    tags: z.array(tag),
    until: z.number().nullable(),
  }),
  'holdfast.resume/1': z.object({ ...named('holdfast.resume/1'), tags: z.array(tag) }),
  'holdfast.why/1': whyAnswer.extend(named('holdfast.why/1')),
  'holdfast.history/1': z.object({ ...named('holdfast.history/1'), operations: z.array(operationAnswer) }),
  'holdfast.operation/1': operationAnswer.extend(named('holdfast.operation/1')),
  'holdfast.replay/1': replayAnswer.extend(named('holdfast.replay/1')),
} as const;

export type SchemaName = keyof typeof schemas;
