import { readFile } from 'node:fs/promises';
import type { ProcessEntry } from '@holdfast/kit';
import type { PidFile } from './readPidFile.ts';

/** The kernel and the server do not look at the clock at the same instant, and both round. */
const toleranceSeconds = 5;
/** What /proc counts in; the same on every architecture that Linux runs servers on. */
const ticksPerSecond = 100;

/**
 * Whether a process that runs the program in the data directory is the postmaster of the file, and not one of its
 * children or of its successor's that was given the number since. It is when it started when the file says so. That
 * is by the clock on the wall, which may have been set since, and a server that is taken for dead would be started
 * twice: so where the times differ, what the process calls itself decides, as children carry a title.
 */
export async function isPostmaster(entry: ProcessEntry, file: PidFile): Promise<boolean> {
  if (file.startedAt === undefined) return !(await isChild(entry));
  const bootedAt = /^btime (\d+)$/m.exec(await readFile('/proc/stat', 'utf8'))?.[1];
  const startedAt = Number(bootedAt) + Number(entry.startedAt) / ticksPerSecond;
  if (Math.abs(startedAt - file.startedAt) <= toleranceSeconds) return true;
  return !(await isChild(entry));
}

async function isChild({ pid }: ProcessEntry): Promise<boolean> {
  const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return title.startsWith('postgres: ');
}
