import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { packTar, type TarFile, unpackTar } from './tar.ts';

/** Far above any configuration; a file that grows beyond it when it is unpacked is not ours. */
const bytesMax = 256 * 1024 * 1024;

/** Writes a new file that only its owner can read; one that is there already is not touched. */
export async function writeArchive(file: string, files: readonly TarFile[], atMs: number): Promise<void> {
  const packed = await promisify(gzip)(packTar(files, atMs));
  await mkdir(dirname(file), { recursive: true, mode: 0o755 });
  // Exclusively: in a folder where others may write, a link that waits there must not be followed.
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(packed);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The files of an archive. Throws with what is wrong with it. */
export async function readArchive(file: string): Promise<TarFile[]> {
  const packed = await readFile(file);
  const unpack = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);
  return unpackTar(await unpack(packed, { maxOutputLength: bytesMax }));
}

/** A moment as it stands in the name of a file: 20260115-120000. */
export function stampOf(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
}
