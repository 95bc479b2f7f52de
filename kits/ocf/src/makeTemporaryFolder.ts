import { lstat, mkdir } from 'node:fs/promises';
import { temporaryFolder } from './callAgent.ts';
import type { Missing } from './findAgent.ts';

/**
 * Makes the folder in which agents keep marks between their calls: /run is empty after a boot, and agents trust what
 * they find in it. So one that others than root can write is refused, and a link is not followed.
 */
export async function makeTemporaryFolder(folder = temporaryFolder): Promise<Missing | undefined> {
  await mkdir(folder, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const entry = await lstat(folder);
  if (entry.isDirectory() && entry.uid === 0 && (entry.mode & 0o022) === 0) return undefined;
  return {
    missing: `${folder} is no folder of root alone, and agents trust what they find there`,
    todo: `look what is there, then: rm -r ${folder}`,
  };
}
