import { readFileSync } from 'node:fs';
import { type LabNode, must } from '../labHost.ts';
import { waitUntil } from '../waitUntil.ts';

const log = '/var/log/holdfast/agent.log';
const readyWithinMs = 15_000;

/**
 * Starts the agent so that it ends with its node and not with this process, and again when it ends with an error, as a
 * service manager does. It adopts what runs.
 */
export async function leaveAgentRunning(node: LabNode): Promise<void> {
  await node.writeFile(log, '');
  const keep = 'until holdfast agent; do sleep 0.2; done';
  const detached = `exec setsid --fork sh -c '${keep}' >>${log} 2>&1`;
  await must(node, ['sh', '-c', detached], { budgetMs: 10_000 });
  const isReady = (): boolean => readFileSync(node.path(log), 'utf8').includes('"event":"ready"');
  if (await waitUntil(isReady, readyWithinMs)) return;
  throw new Error(
    `The agent was not ready again after ${readyWithinMs} ms: ${readFileSync(node.path(log), 'utf8')}`,
  );
}
