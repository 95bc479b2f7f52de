import { unlink } from 'node:fs/promises';
import type { KitCall } from '@holdfast/kit';
import type { Installation } from './findInstallation.ts';
import { findProcesses } from './findServer.ts';
import { readPidFile } from './readPidFile.ts';
import type { Settings } from './settings.ts';

/**
 * PostgreSQL clears lock files of dead servers itself, and is better placed to do so: it looks at the shared memory
 * as well. But it refuses for ever when the number in the file was given to another process since, when it is that of a
 * zombie that nobody buries, or when the file is empty. Only those are cleared here, and only when no process of the data directory is there.
 */
export async function clearLocks({ settings }: KitCall<Settings>, { owner }: Installation): Promise<string> {
  const { dataDirectory, socketDirectory, port } = settings;
  const cleared: string[] = [];
  const paths = [`${dataDirectory}/postmaster.pid`, `${socketDirectory}/.s.PGSQL.${port}.lock`];
  const locks = await Promise.all(paths.map(readPidFile));
  for (const [at, path] of paths.entries()) {
    const lock = locks[at];
    if (lock === undefined) continue;
    if (lock.pid !== undefined) {
      if (lock.dataDirectory !== dataDirectory) continue;
      if (!answersSignals(lock.pid)) continue;
    } else if (path.endsWith('.lock')) {
      // Without a word in it, nobody knows whose it is.
      continue;
    }
    if ((await findProcesses(dataDirectory)).length > 0) continue;
    await unlink(path);
    const whose =
      lock.pid === undefined ? 'was empty' : `named ${lock.pid}, which is no server of ${owner.name}'s here`;
    cleared.push(`${path} ${whose} and was cleared`);
  }
  return cleared.join('; ');
}

/** As PostgreSQL asks: a zombie answers too, and so does a thread of anybody. */
function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
