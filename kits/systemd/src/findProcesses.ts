import { readFile } from 'node:fs/promises';
import type { Unit } from './readUnit.ts';

/** Where machines have the hierarchy in which systemd keeps its units. */
const roots = ['/sys/fs/cgroup', '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'];

/** The numbers of processes in the unit's own cgroup; those of units below it are not its own. */
export async function findProcesses({ ControlGroup }: Unit): Promise<readonly number[]> {
  if (ControlGroup === '' || ControlGroup === '/') return [];
  for (const root of roots) {
    const text = await readFile(`${root}${ControlGroup}/cgroup.procs`, 'utf8').catch(() => undefined);
    if (text !== undefined) return text.split('\n').filter(Boolean).map(Number);
  }
  return [];
}
