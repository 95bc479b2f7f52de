import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { duration } from '@holdfast/core';
import { parse } from 'yaml';
import { z } from 'zod';

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
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
export type AgentSettings = z.infer<typeof agentSettings>;

/** Reads agent.yaml; a file that is not there leaves all at its defaults. Throws with what is wrong in it. */
export async function readAgentSettings(file: string): Promise<AgentSettings> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const checked = agentSettings.safeParse(parse(text) ?? {});
  if (checked.success) return checked.data;
  throw new Error(`${file} is not valid:\n${z.prettifyError(checked.error)}`);
}
