import { readdir, readlink } from 'node:fs/promises';
import { posix } from 'node:path';

/** A server whose tablespace is missing starts and answers; only the queries into it fail, one after the other. */
export async function findLostParts(dataDirectory: string): Promise<readonly string[]> {
  const folder = `${dataDirectory}/pg_tblspc`;
  const links = (await readdir(folder).catch(() => [])).map((name) => `${folder}/${name}`);
  const lost: string[] = [];
  for (const link of [...links, `${dataDirectory}/pg_wal`]) {
    const target = await readlink(link).catch(() => undefined);
    if (target === undefined) continue;
    const place = posix.resolve(posix.dirname(link), target);
    const entries = await readdir(place).catch(() => []);
    // A tablespace in use holds a folder of its version, and so does no unmounted mount point.
    if (!entries.some((name) => name !== 'lost+found'))
      lost.push(`${place}, where ${link} points, is missing or empty`);
  }
  return lost;
}
