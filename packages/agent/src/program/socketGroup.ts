import { run } from '@holdfast/kit';
import type { Log } from '../index.ts';

const usualGroup = 'holdfast';

/**
 * The group whose members may command the agent, as the system numbers it; undefined for the agent's own. A group that
 * was named and does not exist is told, and keeps the agent from nothing: root may still command it.
 */
export async function socketGroup(named: string | undefined, log: Log): Promise<number | undefined> {
  const group = named ?? usualGroup;
  const { ok, stdout, says } = await run(['getent', 'group', group], { budgetMs: 5_000 });
  const gid = Number(stdout.trim().split(':')[2] || Number.NaN);
  if (ok && Number.isInteger(gid)) return gid;
  if (named !== undefined) {
    log.error(
      { event: 'socket-group', group, says },
      `socketGroup: there is no group ${group} on this node (${says}); root alone may command the agent; make it with groupadd --system ${group}, then start the agent again`,
    );
  }
  return undefined;
}
