import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from './settings.ts';

export type AgentFile = Readonly<{ file: string; changedAt: number }>;
export type Missing = Readonly<{ missing: string; todo: string }>;

/** The agent's file. What somebody other than root may change is not run: it would be run as root. */
export async function findAgent({ root, provider, agent }: Settings): Promise<AgentFile | Missing> {
  const file = join(root, 'resource.d', provider, agent);
  const entry = await stat(file).catch(() => undefined);
  if (entry === undefined || !entry.isFile()) {
    return {
      missing: `there is no agent ${file}`,
      todo: `install the package that has it (Debian: resource-agents), or correct provider and agent; list them with: ls ${join(root, 'resource.d', provider)}`,
    };
  }
  if (entry.uid !== 0 || (entry.mode & 0o022) !== 0) {
    return {
      missing: `${file} may be changed by others than root, and would be run as root`,
      todo: `look what is in it, then: chown root:root ${file} && chmod go-w ${file}`,
    };
  }
  const mayRun = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!mayRun) return { missing: `${file} cannot be executed`, todo: `chmod 755 ${file}` };
  return { file, changedAt: entry.mtimeMs };
}
