import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Sink } from './boundedLines.ts';

export type Rotation = Readonly<{
  /** A file that has grown to this is put aside. */
  maxBytes: number;
  /** So many are kept that were put aside. */
  keep: number;
}>;

/**
 * A log file that never grows beyond its bound: it becomes `.1`, what was `.1` becomes `.2`, and the last goes. A
 * file that was taken away, or moved by somebody else's rotation, is made anew.
 */
export function rotatedFile(
  file: string,
  { maxBytes, keep }: Rotation,
): Readonly<{ write: Sink; close: () => Promise<void> }> {
  let handle: FileHandle | undefined;
  let size = 0;

  async function opened(): Promise<FileHandle> {
    if (handle !== undefined) return handle;
    await mkdir(dirname(file), { recursive: true, mode: 0o750 });
    handle = await open(file, 'a', 0o640);
    size = (await handle.stat()).size;
    return handle;
  }

  async function isMovedAway(): Promise<boolean> {
    const there = await stat(file).catch(() => undefined);
    return there === undefined || there.ino !== (await handle?.stat())?.ino;
  }

  async function close(): Promise<void> {
    const old = handle;
    handle = undefined;
    await old?.close();
  }

  async function rotate(): Promise<void> {
    await close();
    for (let number = keep; number >= 1; number -= 1) {
      const from = number === 1 ? file : `${file}.${number - 1}`;
      await rename(from, `${file}.${number}`).catch(ignoreMissing);
    }
  }

  async function write(text: string): Promise<void> {
    try {
      const bytes = Buffer.byteLength(text);
      await opened();
      if (await isMovedAway()) await close();
      else if (size > 0 && size + bytes > maxBytes) await rotate();
      const current = await opened();
      await current.appendFile(text);
      size += bytes;
    } catch (error) {
      // A disk that was full, or mounted anew, gets another try with the next piece.
      await close().catch(() => undefined);
      throw error;
    }
  }

  return { write, close };
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
