import { LabError } from './labError.ts';
import { type LabHost, must } from './labHost.ts';
import { waitUntil } from './waitUntil.ts';

const bootMs = 30_000;

/** Waits until the node's systemd has reached its target, and refuses one of which a unit has failed. */
export async function waitForSystemd(node: LabHost): Promise<void> {
  let said = '';
  const isUp = await waitUntil(
    async () => {
      const asked = await node.run(['systemctl', 'is-system-running'], { budgetMs: 5_000 });
      said = asked.stdout.trim() || asked.says;
      return said === 'running' || said === 'degraded';
    },
    bootMs,
    50,
  );
  if (isUp && said === 'running') return;
  const failed = await must(node, ['systemctl', 'list-units', '--failed', '--plain', '--no-legend'], {
    budgetMs: 5_000,
  }).catch(() => ({ stdout: '' }));
  throw new LabError({
    what: `The systemd of ${node.name} did not come up.`,
    why: `it says: ${said}; failed units: ${failed.stdout.trim() || 'none'}`,
    todo: `look at it by hand: ${node.enterCommand} journalctl -b; it needs cgroup2 in the kernel`,
  });
}
