import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** All processes of a host of the lab, by its first one, as this machine sees them; and who outside has a child there. */
export function pidSpace(first: number): Readonly<{ inside: readonly number[]; waysIn: readonly number[] }> {
  const space = spaceOf(first);
  if (space === undefined) return { inside: [], waysIn: [] };
  const inside = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && spaceOf(Number(entry)) === space)
    .map(Number);
  const parents = inside.map(parentOf).filter((pid) => pid !== undefined && spaceOf(pid) !== space);
  return { inside, waysIn: [...new Set(parents as number[])] };
}

/** Sends a signal to processes that may be gone by now. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}

function spaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) || undefined;
  } catch {
    return undefined;
  }
}
