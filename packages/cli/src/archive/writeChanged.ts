import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TarFile } from './tar.ts';

/** Writes the files that differ, each as a whole; answers their names. */
export async function writeChanged(
  folder: string,
  files: readonly TarFile[],
  { dryRun }: { dryRun: boolean },
): Promise<string[]> {
  const changed: string[] = [];
  for (const { name, mode, content } of files) {
    const path = join(folder, name);
    const present = await readFile(path).catch(() => undefined);
    if (present?.equals(content) === true) continue;
    changed.push(name);
    if (dryRun) continue;
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    const handle = await open(`${path}.new`, 'w', 0o600);
    try {
      await handle.writeFile(content);
      // Nobody but root may write what root will run.
      await handle.chmod(mode & 0o755);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${path}.new`, path);
  }
  return changed;
}
