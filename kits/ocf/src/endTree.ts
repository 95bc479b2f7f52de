import { listPids, type ProcessEntry, readProcess, signalProcess } from '@holdfast/kit';

/**
 * The processes below those that we started with this mark in their environment. An agent's `su` puts what it runs into
 * a session of its own, where a signal to the group does not reach it. What has made itself a daemon has no parent
 * among them any more, and is left to the agent's `stop`.
 */
export async function findTree(hasMark: (pid: number) => Promise<boolean>): Promise<readonly ProcessEntry[]> {
  const entries = await allProcesses();
  const tree = new Map<number, ProcessEntry>();
  for (const entry of entries)
    if (entry.parent === process.pid && (await hasMark(entry.pid))) tree.set(entry.pid, entry);
  addChildren(tree, entries);
  return [...tree.values()];
}

/** Ends what is left of the tree, with what it started in the meantime; bounded in rounds. */
export async function endTree(found: readonly ProcessEntry[]): Promise<void> {
  const tree = new Map(found.map((entry) => [entry.pid, entry]));
  for (let round = 0; round < 5; round += 1) {
    addChildren(tree, await allProcesses());
    const signalled = await Promise.all([...tree.values()].map((entry) => signalProcess(entry, 'SIGKILL')));
    if (!signalled.includes(true)) return;
  }
}

async function allProcesses(): Promise<readonly ProcessEntry[]> {
  const entries = await Promise.all((await listPids()).map(readProcess));
  return entries.filter((entry) => entry !== undefined);
}

function addChildren(tree: Map<number, ProcessEntry>, entries: readonly ProcessEntry[]): void {
  for (let grew = true; grew; ) {
    grew = false;
    for (const entry of entries) {
      if (tree.has(entry.pid) || !tree.has(entry.parent)) continue;
      tree.set(entry.pid, entry);
      grew = true;
    }
  }
}
