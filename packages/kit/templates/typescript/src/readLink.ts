import { readlink } from 'node:fs/promises';

/** Where the link leads; undefined when there is none. */
export async function readLink(path: string): Promise<string | undefined> {
  return readlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
