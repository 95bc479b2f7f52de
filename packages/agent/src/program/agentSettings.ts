import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { duration } from '@holdfast/core';
import { parse } from 'yaml';
import { z } from 'zod';
import { storeSettings } from './cluster/storeSettings.ts';
import { apiSettings, peersSettings } from './peers/peerSettings.ts';

const builtInKits = ['ip', 'filesystem', 'postgresql', 'postfix', 'ocf', 'systemd', 'app'].map(
  (type) => `@holdfast/kit-${type}`,
);

const namedKit = z.strictObject({
  kit: z.string().min(1),
  trusted: z
    .boolean()
    .default(false)
    .describe(
      "Run it in the agent's own thread, as Holdfast's own kits: one that hangs there hangs the agent.",
    ),
});

const agentSettings = z.strictObject({
  node: z
    .string()
    .min(1)
    .default(hostname())
    .describe("This node's name in documents; the host's name when left out."),
  kits: z
    .array(
      z.union([
        z
          .string()
          .min(1)
          .transform((kit) => ({ kit, trusted: false })),
        namedKit,
      ]),
    )
    .default(builtInKits.map((kit) => ({ kit, trusted: false })))
    .describe('Packages, or folders, of the kits to load. Paths are meant from the folder of this file.'),
  journal: z
    .strictObject({
      days: z.int().min(1).default(90).describe('Days after which an entry of the journal is forgotten.'),
      megabytes: z
        .int()
        .min(8)
        .default(256)
        .describe('Size that the journal may reach; the oldest goes first.'),
    })
    .prefault({}),
  globalScripts: z
    .strictObject({ timeout: duration.default(60_000).describe('So long one of them may take.') })
    .prefault({}),
  socketGroup: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Members of this group may command the agent. Left out: the group holdfast if there is one, else root.',
    ),
  store: storeSettings.prefault({ kind: 'embedded' }),
  api: apiSettings
    .optional()
    .describe(
      'The API for the other nodes, over mutual TLS; left out, this node answers its own socket alone.',
    ),
  peers: peersSettings.default({}),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  logFormat: z
    .enum(['json', 'lifekeeper'])
    .default('json')
    .describe('A JSON object in each line, or plain text: level:subsystem:action:tag:message.'),
  logFile: z
    .union([
      z.literal(false),
      z.strictObject({
        maxMb: z
          .number()
          .min(0.001)
          .max(10_000)
          .default(10)
          .describe('It is put aside when it has grown to this.'),
        keep: z.int().min(1).max(100).default(5).describe('So many of those that were put aside are kept.'),
      }),
    ])
    .prefault({})
    .describe('The log as a file, beside standard output; false for none.'),
  metrics: z
    .strictObject({
      address: z
        .enum(['127.0.0.1', '::1'])
        .default('127.0.0.1')
        .describe('Only the node itself may ask: what goes further needs a proxy that knows who asks.'),
      port: z.int().min(1).max(65_535),
    })
    .optional()
    .describe('Metrics over TCP as well as on the socket; left out, on the socket alone.'),
});
const wholeSettings = agentSettings.superRefine(({ api, peers, node }, context) => {
  const others = Object.keys(peers).filter((name) => name !== node);
  if (others.length > 0 && api === undefined)
    context.addIssue({
      code: 'custom',
      path: ['api'],
      message: `peers are named (${others.join(', ')}), and there is no api: with the certificate that they ask for`,
    });
});
export type AgentSettings = z.infer<typeof agentSettings>;

/** Reads agent.yaml; a file that is not there leaves all at its defaults. Throws with what is wrong in it. */
export async function readAgentSettings(file: string): Promise<AgentSettings> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const checked = wholeSettings.safeParse(parse(text) ?? {});
  if (checked.success) return checked.data;
  throw new Error(`${file} is not valid:\n${z.prettifyError(checked.error)}`);
}
