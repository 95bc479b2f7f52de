import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { run } from '@holdfast/kit';
import { startedAt } from '../src/startedAt.ts';

/** What a lab must not change on this machine: its mounts, addresses and named network namespaces. */
export async function thisMachine(): Promise<Readonly<{ mounts: string; addresses: string; netns: string }>> {
  const budget = { budgetMs: 5_000 };
  const addresses = await run(['ip', '-oneline', 'address', 'show'], budget);
  const netns = await run(['ip', 'netns'], budget);
  return {
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
    // Lifetimes of leased addresses count down by themselves.
    addresses: addresses.stdout.replaceAll(/valid_lft.*$/gm, ''),
    netns: netns.stdout,
  };
}

/** The pid namespace of a process; it names the host of the lab also after that has ended. */
export function pidNamespaceOf(pid: number): string {
  return readlinkSync(`/proc/${pid}/ns/pid`);
}

/**
 * Every live process of this machine that is in one of the namespaces. One that has ended and waits for this machine's
 * first process to take notice is not counted.
 */
export function processesIn(namespaces: readonly string[]): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && isIn(pid, namespaces));
}

function isIn(pid: number, namespaces: readonly string[]): boolean {
  try {
    return namespaces.includes(pidNamespaceOf(pid)) && startedAt(pid) !== undefined;
  } catch {
    return false; // It ended while we looked.
  }
}

/** The loop devices whose file belongs to the lab with this hub. */
export function disksOf(hubPid: number): string[] {
  return readdirSync('/sys/block').filter((block) => {
    try {
      return readFileSync(`/sys/block/${block}/loop/backing_file`, 'utf8').includes(`lab-${hubPid}-`);
    } catch {
      return false;
    }
  });
}
