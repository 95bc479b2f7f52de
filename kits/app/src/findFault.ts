import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { findDistrust } from '@holdfast/kit';
import type { GivenScript } from './settings.ts';

const sizeMax = 4_000_000;

/** Why a script is not run: it is missing, others could change it, or it is not the one that was configured. */
export async function findFault({ path, sha256 }: GivenScript): Promise<string | undefined> {
  const distrust = await findDistrust(path);
  if (distrust !== undefined) return distrust;
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return `${path} cannot be read`;
  try {
    const { mode, size } = await file.stat();
    if ((mode & 0o100) === 0) return `${path} cannot be executed`;
    if (size > sizeMax) return `${path} is larger than ${sizeMax} bytes`;
    const hash = createHash('sha256')
      .update(await file.readFile())
      .digest('hex');
    return hash === sha256 ? undefined : `${path} is another than the one configured: its SHA-256 is ${hash}`;
  } finally {
    await file.close();
  }
}
