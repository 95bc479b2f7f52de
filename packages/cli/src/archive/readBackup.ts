import { readArchive } from './archiveFile.ts';
import type { TarFile } from './tar.ts';

export type Backup = Readonly<{ document: unknown; flags: readonly string[]; files: readonly TarFile[] }>;

/** Names under which files may come back: nothing leads out of the folder, and nothing else is written. */
const allowed = /^(agent\.yaml|scripts\/(pre|post)-(restore|remove|delete)\.d\/[A-Za-z0-9_][A-Za-z0-9._-]*)$/;

/** What is in a backup, or why it is none. */
export async function readBackup(file: string, schema: string): Promise<Backup | Readonly<{ why: string }>> {
  try {
    const files = await readArchive(file);
    const json = (name: string): unknown => {
      const found = files.find((one) => one.name === name);
      if (found === undefined) throw new Error(`it has no ${name}`);
      return JSON.parse(found.content.toString('utf8'));
    };
    const manifest = json('manifest.json') as { schema?: unknown; flags?: unknown };
    if (manifest.schema !== schema) return { why: `it is no ${schema}` };
    const flags = Array.isArray(manifest.flags) ? manifest.flags.map(String) : [];
    return {
      document: json('configuration.json'),
      flags,
      files: files.filter(({ name }) => allowed.test(name)),
    };
  } catch (error) {
    return { why: (error as Error).message };
  }
}
