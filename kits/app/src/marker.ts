import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { idOf, type Settings } from './settings.ts';

/*
 * What is known of an application beside its scripts, which say no more than success or not: whether it was restored
 * here since this node booted. It tells "failed" from "out of service", and stands in for a check where there is none.
 *
 *   (none) --restore begins--> restoring --restore or recover succeeds--> restored --remove succeeds--> (none)
 */
export type Mark = 'restoring' | 'restored' | undefined;

/** Lost with a boot, as the application is. */
const folder = '/run/holdfast-app';

export async function readMark(settings: Settings): Promise<Mark> {
  const text = await readFile(fileOf(settings), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (text.startsWith('restored ')) return 'restored';
  return text === '' ? undefined : 'restoring';
}

export async function setMark(settings: Settings, mark: Mark): Promise<void> {
  const file = fileOf(settings);
  if (mark === undefined) return rm(file, { force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, `${mark} ${idOf(settings)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function fileOf(settings: Settings): string {
  return join(folder, createHash('sha256').update(idOf(settings)).digest('hex').slice(0, 32));
}
