import { open, unlink } from 'node:fs/promises';
import { type Account, type CheckResult, found } from '@holdfast/kit';

/** PostgreSQL's own tools leave out what begins so, in copies and in checks. */
const probeName = 'pgsql_tmp.holdfast-probe';

/** Undefined when the file systems of the data and of the log take a small file. */
export async function tryWriting(dataDirectory: string, owner: Account): Promise<CheckResult | undefined> {
  for (const folder of [dataDirectory, `${dataDirectory}/pg_wal`]) {
    try {
      await writeProbe(`${folder}/${probeName}`, owner);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // A full disk is as full elsewhere, and the server still reads; what cannot be written at all is broken.
      const finding = code === 'ENOSPC' || code === 'EDQUOT' ? 'degraded' : 'failed';
      return found(finding, `${folder} cannot be written: ${message}`);
    }
  }
  return undefined;
}

async function writeProbe(path: string, { uid, gid }: Account): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.chown(uid, gid);
    await file.writeFile('written by a deep check\n'.repeat(256));
    await file.sync();
  } finally {
    await file.close();
    await unlink(path).catch(() => undefined);
  }
}
