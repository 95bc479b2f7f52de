import { readFile } from 'node:fs/promises';
import type { ProcessEntry } from '@holdfast/kit';

/** What a server that starts has done so far. */
export type Progress = Readonly<{
  /** Differs from the last one when it got on. */
  mark: string;
  /** In words: the title that the server gives the process that recovers. */
  says: string;
}>;

/** Undefined while there is no process that recovers, or it cannot be seen. */
export async function findProgress(postmaster: ProcessEntry): Promise<Progress | undefined> {
  const { pid } = postmaster;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  for (const child of children.split(' ').filter((word) => word !== '')) {
    const title = (await readText(child, 'cmdline')).replaceAll('\0', ' ').trim();
    if (!/^postgres: (.*: )?startup\b/.test(title)) continue;
    const stat = await readText(child, 'stat');
    // Behind the name: the state, ten numbers, and then the time that it worked, for itself and in the kernel.
    const [userTime, systemTime] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    const io = await readText(child, 'io');
    return {
      mark: [title, userTime, systemTime, io].join(' '),
      says: title.replace(/^postgres: /, ''),
    };
  }
  return undefined;
}

function readText(pid: string, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
}
