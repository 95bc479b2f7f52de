import { z } from 'zod';

const aName = 'the name of a file in the folder of agents is needed; write heartbeat, or pgsql';
const aPath = 'an absolute path is needed, without `..`; write /etc/holdfast/pg-password';

const name = z.string(aName).regex(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,99}$/, aName);
const path = z
  .string(aPath)
  .regex(/^\/[^\0]*$/, aPath)
  .refine((text) => !text.split('/').includes('..'), aPath);
const seconds = z.int('a whole number of seconds is needed; write 60').min(1).max(3_600);

/** What a parameter is: its text, or the file that the text is kept in because it is a secret. */
export type Parameter = string | Readonly<{ file: string }>;

const parameter = z
  .union(
    [
      z.string().max(8_192),
      z.number().transform(String),
      z.boolean().transform(String),
      z.strictObject({ file: path }),
    ],
    'a text, a number, true, false, or {file: /path} for a secret is needed',
  )
  .refine((value) => typeof value !== 'string' || !value.includes('\0'), 'a text without the character NUL');

/** Names that say of themselves that what they hold is nobody's business. */
const secretName = /passw|secret|token/i;

const parameters = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9_]{1,100}$/, 'a parameter has letters, digits and underscores')
      .refine((key) => !/^(CRM_meta|OCF_|crm_feature)/.test(key), 'this name belongs to the cluster manager'),
    parameter,
  )
  .superRefine((given, context) => {
    for (const [key, value] of Object.entries(given)) {
      if (typeof value === 'string' && value !== '' && secretName.test(key)) {
        const message = `${key} looks like a secret: put it into a file of root with mode 0600 and write {file: /etc/holdfast/${key}}`;
        context.addIssue({ code: 'custom', path: [key], message });
      }
    }
  });

export const settings = z.strictObject({
  provider: name
    .default('heartbeat')
    .describe('The folder of the agent below resource.d, such as heartbeat. At the next restore.'),
  agent: name.describe('The agent, as its file is named, such as pgsql. At the next restore.'),
  parameters: parameters
    .default({})
    .describe(
      "The agent's own parameters, as its metadata names them; {file: /path} for a secret. Checked against the metadata by preflight and before each start. At the next restore; take the resource out of service first.",
    ),
  root: path
    .default('/usr/lib/ocf')
    .describe('OCF_ROOT: where the agents and their libraries are. At the next restore.'),
  startSeconds: seconds.optional().describe("Limit of start; left out, the agent's own. At once."),
  stopSeconds: seconds.optional().describe("Limit of stop; left out, the agent's own. At once."),
  monitorSeconds: seconds
    .optional()
    .describe("Limit of monitor; left out, the agent's own. The policy's timeout of a check limits it too."),
  deepLevel: z
    .int('a whole number is needed; write 10')
    .min(0)
    .max(1_000)
    .optional()
    .describe(
      'OCF_CHECK_LEVEL of the deep check, such as 10 or 20; left out, the deepest in the metadata. At once.',
    ),
  watchPidFile: path
    .optional()
    .describe('A file with the number of the process whose end brings a check at once. At once.'),
  watchAddress: z
    .union([z.ipv4(), z.ipv6()], 'an address without prefix length is needed; write 10.77.0.50')
    .optional()
    .describe('An address whose going brings a check at once. At once.'),
  watchMount: path
    .optional()
    .describe('A mount point whose mounts, when they change, bring a check at once. At once.'),
});
export type Settings = z.output<typeof settings>;
