import { duration } from '@holdfast/core';
import { z } from 'zod';

/*
 * What kit.yaml may say. Each text with a description here is what `holdfast kit new` and kits/README.md explain; the
 * schema is the law.
 */

const words = z.string('words').min(1, 'words, not nothing');
const name = z
  .string('a name')
  .regex(
    /^[a-z][a-zA-Z0-9]*$/,
    'a name of letters and digits that begins with a small letter, such as maxMemory',
  );

const shared = {
  description: words.describe('One sentence for whoever sets it.'),
  effect: z
    .enum(['at once', 'at the next restore'], 'at once, or at the next restore')
    .describe('When a change of it takes effect.'),
  required: z.boolean('true or false').default(true).describe('Without a default: must it be set?'),
};
const bounds = { min: z.number().optional(), max: z.number().optional(), unit: words.optional() };

/** What one value can be; a list has values of one of these. */
const single = {
  text: z.strictObject({
    type: z.literal('text'),
    pattern: z.string().optional().describe('A regular expression for the whole text.'),
    allowed: words.optional().describe('The pattern in words: "a name of letters".'),
    default: z.string().optional(),
    example: z.string().optional(),
    ...shared,
  }),
  integer: z.strictObject({
    type: z.literal('integer'),
    default: z.int().optional(),
    example: z.int().optional(),
    ...bounds,
    ...shared,
  }),
  number: z.strictObject({
    type: z.literal('number'),
    default: z.number().optional(),
    example: z.number().optional(),
    ...bounds,
    ...shared,
  }),
  boolean: z.strictObject({
    type: z.literal('boolean'),
    default: z.boolean().optional(),
    example: z.boolean().optional(),
    ...shared,
  }),
  choice: z.strictObject({
    type: z.literal('choice'),
    of: z.array(words).min(2, 'two or more words'),
    default: z.string().optional(),
    example: z.string().optional(),
    ...shared,
  }),
  path: z.strictObject({
    type: z.literal('path'),
    default: z.string().optional(),
    example: z.string().optional(),
    ...shared,
  }),
  port: z.strictObject({
    type: z.literal('port'),
    default: z.int().optional(),
    example: z.int().optional(),
    ...shared,
  }),
  address: z.strictObject({
    type: z.literal('address'),
    default: z.string().optional(),
    example: z.string().optional(),
    ...shared,
  }),
  /** The value is the path of a file with the secret: a secret is never in the configuration or the environment. */
  secretFile: z.strictObject({ type: z.literal('secretFile'), example: z.string().optional(), ...shared }),
};
const list = z.strictObject({
  type: z.literal('list'),
  of: z.enum(['text', 'integer', 'path', 'port', 'address']),
  unit: words.optional(),
  max: z.int().min(1).default(100).describe('No more values than these.'),
  default: z.array(z.union([z.string(), z.number()])).optional(),
  example: z.array(z.union([z.string(), z.number()])).optional(),
  ...shared,
});
const setting = z.discriminatedUnion('type', [
  single.text,
  single.integer,
  single.number,
  single.boolean,
  single.choice,
  single.path,
  single.port,
  single.address,
  single.secretFile,
  list,
]);
export type WrittenSetting = z.output<typeof setting>;

const watch = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('address'), address: words }),
  z.strictObject({ kind: z.literal('mount'), mountPoint: words }),
  z.strictObject({ kind: z.literal('process'), pidFile: words }),
  z.strictObject({ kind: z.literal('command'), argv: z.tuple([words], z.string()) }),
]);

export const kitFileSchema = z.strictObject({
  contract: z.literal(1),
  type: z
    .string('a name')
    .regex(/^[a-z][a-z0-9-]*$/, 'a name of small letters, digits and hyphens, such as redis'),
  summary: words.describe('One line for lists.'),
  identity: words.describe(
    'Which thing it protects, from settings: "{dataDirectory}" or "{address}:{port}".',
  ),
  exclusive: z.literal('data').optional().describe('A double run destroys data.'),
  settings: z.record(name, setting),
  timeouts: z.strictObject({
    restore: duration,
    remove: duration,
    quickCheck: duration,
    recover: duration.optional().describe('restore and remove together when left out.'),
    abort: duration.default(1_000),
  }),
  watch: z.array(watch).default([]).describe('What to listen to; words in braces are settings.'),
});
export type KitFile = z.output<typeof kitFileSchema>;
export type WrittenWatch = KitFile['watch'][number];
