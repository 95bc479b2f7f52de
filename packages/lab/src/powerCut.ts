import { readFileSync } from 'node:fs';
import { run } from '@holdfast/kit';
import { disksOf } from './disk.ts';
import { type LabHost, type LabNode, must } from './labHost.ts';
import { portOf } from './lan.ts';

const budget = { budgetMs: 10_000 };

/**
 * Cuts the power of a node. Ending its first process alone would unmount its disks cleanly, and the kernel would go on
 * answering for its addresses: so first its cable is out, then its file systems stop without writing anything out.
 */
export async function powerCut(hub: LabHost, node: LabNode, end: () => Promise<void>): Promise<void> {
  await must(hub, ['ip', 'link', 'set', portOf(node), 'down'], budget);
  for (const mountPoint of mountsOf(node.pid, disksOf(hub.pid))) {
    const shutDown = ['xfs_io', '-x', '-c', 'shutdown', mountPoint] as const;
    const done = await run(['nsenter', '-m', '-t', String(node.pid), '--', ...shutDown], budget);
    if (!done.ok) throw new Error(`${node.name}: ${done.says}`);
  }
  await end();
}

/** Where a node has mounted these devices, and no other: the rest of what it sees is this machine's. */
function mountsOf(pid: number, devices: readonly string[]): readonly string[] {
  return readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [fields = '', described = ''] = line.split(' - ');
      const mountPoint = fields.split(' ')[4];
      const source = described.split(' ')[1];
      return mountPoint !== undefined && source !== undefined && devices.includes(source) ? [mountPoint] : [];
    });
}
