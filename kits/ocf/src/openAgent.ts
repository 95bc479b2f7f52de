import type { KitCall } from '@holdfast/kit';
import { callAgent } from './callAgent.ts';
import { findAgent, type Missing } from './findAgent.ts';
import { type Metadata, readMetadata } from './readMetadata.ts';
import { type Revealed, reveal } from './secrets.ts';
import type { Settings } from './settings.ts';

/** An agent that can be called: its file, what it says of itself, and its parameters. */
export type OpenAgent = Readonly<{ file: string; metadata: Metadata; parameters: Revealed }>;

const metadataMs = 5_000;
const noParameters: Revealed = { values: {}, secrets: [] };

type Kept = Readonly<{ file: string; changedAt: number; metadata: Metadata }>;

/** Finds the agent, and reads its metadata: once, and again when the file has changed. */
export async function openAgent(call: KitCall<Settings>): Promise<OpenAgent | Missing> {
  const found = await findAgent(call.settings);
  if ('missing' in found) return found;
  const parameters = await reveal(call.settings.parameters);
  if ('missing' in parameters) return parameters;
  const kept = call.memory.get('metadata') as Kept | undefined;
  if (kept?.file === found.file && kept.changedAt === found.changedAt)
    return { file: found.file, metadata: kept.metadata, parameters };

  const { file } = found;
  const said = await callAgent(call, {
    file,
    action: 'meta-data',
    parameters: noParameters,
    budgetMs: Math.min(metadataMs, call.budgetMs / 2),
  });
  const metadata = said.code === 0 ? readMetadata(said.stdout) : { wrong: said.says };
  if ('wrong' in metadata) {
    return {
      missing: `${file} told no metadata: ${metadata.wrong}`,
      todo: `see what it says: OCF_ROOT=${call.settings.root} ${file} meta-data`,
    };
  }
  call.memory.set('metadata', { ...found, metadata } satisfies Kept);
  return { file, metadata, parameters };
}
