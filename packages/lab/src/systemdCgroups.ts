import { run } from '@holdfast/kit';
import { startedAt } from './startedAt.ts';

/*
 * A node with systemd has a cgroup of its own, at the root of this machine's second hierarchy. The kernel ends the
 * processes in it with the node, and leaves the empty folders; the name says whose they are, so that any later lab can
 * tell whether that lab still lives.
 */

/** The name of a node's cgroup. */
export function cgroupOf(hubPid: number, node: string): string {
  return `holdfast-lab-${hubPid}-${startedAt(hubPid)}-${node}`;
}

/** Removes the cgroups of a lab whose processes are gone. */
export async function removeCgroupsOf(hubPid: number): Promise<void> {
  await remove((await labCgroups()).filter((one) => one.hubPid === hubPid));
}

/** Removes those of labs that ended without a close(). */
export async function removeLostCgroups(): Promise<void> {
  await remove((await labCgroups()).filter((one) => startedAt(one.hubPid) !== one.hubStartedAt));
}

type LabCgroup = Readonly<{ name: string; hubPid: number; hubStartedAt: string }>;

export async function labCgroups(): Promise<readonly LabCgroup[]> {
  const listed = await inHierarchy('ls -d holdfast-lab-* 2>/dev/null; true', []);
  return listed.split('\n').flatMap((name) => {
    const named = /^holdfast-lab-(\d+)-(\d+)-/.exec(name);
    return named === null ? [] : [{ name, hubPid: Number(named[1]), hubStartedAt: named[2]! }];
  });
}

/** The deepest first. One that has a process yet, of a node that ends at this moment, is tried for a second. */
async function remove(cgroups: readonly LabCgroup[]): Promise<void> {
  if (cgroups.length === 0) return;
  const tries = `for n in 1 2 3 4 5 6 7 8 9 10; do
    find "$@" -depth -type d -exec rmdir {} + 2>/dev/null
    ls -d "$@" >/dev/null 2>&1 || exit 0
    sleep 0.1
  done`;
  await inHierarchy(
    tries,
    cgroups.map(({ name }) => name),
  );
}

/**
 * Runs a script in the root of the second hierarchy, mounted in a mount namespace of its own: where, and whether, this
 * machine has it mounted does not matter.
 */
async function inHierarchy(script: string, words: readonly string[]): Promise<string> {
  const mounted = `mount -t cgroup2 cgroup2 /sys 2>/dev/null || exit 0; cd /sys; ${script}`;
  const ran = await run(['unshare', '--mount', 'sh', '-c', mounted, 'sh', ...words], { budgetMs: 10_000 });
  return ran.stdout;
}
