import { z } from 'zod';
import { duration } from '../duration.ts';
import { noticeKindNames, severities } from '../notify/noticeKinds.ts';

/*
 * Who is told of what happens, and how. The document is the cluster's and anybody who may speak to the agent can
 * read it, so it never holds a secret: only the file on each node in which the secret is.
 */

const file = z
  .string()
  .regex(/^\//, 'write the whole path, from the root')
  .describe('A file of the node that only root can read.');
const secret = z.strictObject({ file });
const address = z.string().regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, 'write one address, such as ops@example.org');
const argv = z
  .array(z.string())
  .min(1)
  .refine(([program]) => program?.startsWith('/') === true, 'write the whole path of the program');

const common = {
  events: z
    .array(z.enum(noticeKindNames))
    .min(1)
    .optional()
    .describe('Which kinds are told; left out, those that a person at night needs.'),
  severity: z.enum(severities).default('info').describe('Nothing below this is told.'),
  resources: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Only what concerns one of these tags; what concerns no resource is told all the same.'),
  fold: duration.default(3_000).describe('What happens within this time is one message.'),
  repeat: duration
    .default(600_000)
    .describe('The same again within this time is counted, and told at its end.'),
  pausedLongerThan: duration.default(4 * 3_600_000).describe('A pause that lasts longer is told.'),
  timeout: duration.default(15_000).describe('A try that takes longer has failed.'),
};

const smtp = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).optional().describe('587, or 465 where TLS comes first.'),
  tls: z
    .enum(['starttls', 'first', 'none'])
    .default('starttls')
    .describe(
      'starttls: refused where the server has none; first: TLS from the first byte; none: in the open.',
    ),
  user: z.string().min(1).optional(),
  password: secret.optional(),
});

export const writtenNotifier = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('command'),
      argv: argv.describe(
        'The program and its arguments; it gets the message as JSON on its standard input.',
      ),
      user: z.string().min(1).optional().describe('The account it runs as; root when left out.'),
      ...common,
    }),
    z.strictObject({
      type: z.literal('webhook'),
      url: z
        .union([z.string().regex(/^https?:\/\/[^/\s]/, 'write an address that begins with https://'), secret])
        .describe('Where the message is posted as JSON; from a file where the address itself is a secret.'),
      headers: z
        .record(z.string().regex(/^[A-Za-z0-9-]+$/), z.union([z.string(), secret]))
        .default({})
        .describe('Headers to send along, such as Authorization from a file.'),
      inTheOpen: z.boolean().default(false).describe('Allow an http:// address.'),
      ...common,
    }),
    z.strictObject({
      type: z.literal('email'),
      to: z.array(address).min(1),
      from: address.optional().describe('holdfast@NODE when left out.'),
      smtp: smtp.optional().describe('The server to hand it to; left out, the sendmail program of the node.'),
      sendmail: argv
        .default(['/usr/sbin/sendmail', '-i'])
        .describe('That program; the sender (-f) and the recipients are added.'),
      ...common,
    }),
  ],
  { error: 'write type: command, webhook or email' },
);

export const writtenNotifiers = z
  .record(
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a name of small letters, digits and hyphens'),
    writtenNotifier,
  )
  .default({})
  .describe('Who is told of what happens, and how.');

export type WrittenNotifier = z.output<typeof writtenNotifier>;

/** One who is told, with every question about it answered. */
export type NotifierSettings = WrittenNotifier & Readonly<{ name: string }>;
