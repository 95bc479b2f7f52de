import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TarFile } from './tar.ts';

const bytesMax = 8 * 1024 * 1024;

/** A regular file under another name; nothing when it is not there. Of one that is too long, the end. */
export async function fileAs(name: string, path: string): Promise<TarFile[]> {
  const facts = await lstat(path).catch(() => undefined);
  // What is no regular file could be read for ever.
  if (facts === undefined || !facts.isFile()) return [];
  const content = await readFile(path);
  return [
    { name, mode: facts.mode & 0o777, content: content.subarray(Math.max(0, content.length - bytesMax)) },
  ];
}

/** All regular files in a folder and one level of folders in it. */
export async function folderAs(name: string, path: string): Promise<TarFile[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      if (entry.isFile()) return fileAs(`${name}/${entry.name}`, join(path, entry.name));
      if (!entry.isDirectory() || name.includes('/')) return [];
      return folderAs(`${name}/${entry.name}`, join(path, entry.name));
    }),
  );
  return found.flat();
}

export function textAs(name: string, text: string): TarFile {
  return { name, mode: 0o600, content: Buffer.from(text) };
}
