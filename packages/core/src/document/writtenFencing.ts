import { z } from 'zod';
import { duration } from '../duration.ts';

/*
 * How the others make sure that a node is down: by any program that keeps the contract of the package fence-agents.
 * As everything in the document it holds no secret: only the file on each node in which the secret is.
 */

const deviceName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a name of small letters, digits and hyphens');
const secret = z.strictObject({
  file: z.string().regex(/^\//, 'write the whole path, from the root'),
});
/** A line each on the standard input of the program: what would end the line early, or begin another, is refused. */
const oneLine = z.string().regex(/^[^\n\r\0]*$/, 'write it in one line');
const parameters = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'a name as the program knows it, such as ip or username'),
  z.union([oneLine, z.number().transform(String), z.boolean().transform((is) => (is ? '1' : '0')), secret]),
);

const device = z.strictObject({
  agent: z
    .string()
    .regex(
      /^(\/[^\0]*\/)?fence_[A-Za-z0-9_.-]+$/,
      'name a program whose name begins with fence_, or its whole path',
    )
    .describe('The program: one of /usr/sbin by its name, such as fence_ipmilan, or a whole path.'),
  parameters: parameters
    .default({})
    .describe(
      'What it gets as name=value; a secret from a file that only root can read: password: { file: ... }.',
    ),
  timeout: duration.default(30_000).describe('A try that takes longer has failed.'),
  attempts: z.int().min(1).max(10).default(2).describe('How often it is tried before the next level.'),
});

const use = z.union([
  deviceName,
  z.strictObject({
    device: deviceName,
    parameters: parameters
      .default({})
      .describe('What differs for this node, such as the plug of a power strip.'),
  }),
]);

export const writtenFencing = z.strictObject({
  delay: duration
    .default(1_000)
    .describe(
      'The node that stands first in nodes and is alive fences at once; each further one waits so much longer.',
    ),
  retry: z
    .strictObject({ after: duration.default(10_000), atMost: duration.default(300_000) })
    .prefault({})
    .describe('After all levels failed: the first wait; it doubles each time, to at most so much.'),
  devices: z.record(deviceName, device).default({}),
  nodes: z
    .record(
      z.string().min(1),
      z.strictObject({
        action: z
          .enum(['off', 'reboot'])
          .default('off')
          .describe('off: a person turns it on again; reboot: it comes back by itself.'),
        levels: z
          .array(z.array(use).min(1))
          .min(1)
          .describe('Tried in this order until all devices of one level have done it.'),
      }),
    )
    .default({}),
});
export type WrittenFencing = z.output<typeof writtenFencing>;

/** A value for a fence device, or where it is. */
export type FenceParameter = string | Readonly<{ file: string }>;
