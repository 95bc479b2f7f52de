import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { type Endpoint, findAbsentAddresses, findEndpoints, smtpEndpoints } from './findEndpoints.ts';
import { findInstance, sayProcesses } from './findInstance.ts';
import { findObstacles } from './findObstacles.ts';
import { findPortHolder } from './findPortHolder.ts';
import { quickCheck } from './quickCheck.ts';
import { readConfiguration } from './readConfiguration.ts';
import { refreshChroot } from './refreshChroot.ts';
import type { Settings } from './settings.ts';
import { startInstance } from './startInstance.ts';
import { stopInstance } from './stopInstance.ts';

/**
 *   answers ------------------------------> done
 *   frozen, hung, without its lock -> stop it --+
 *   orphans without master --------> stop them -+-> is all there? -> start -> wait for its greeting -> flush -> done
 *   nothing ------------------------------------+
 */
export async function bringUp(call: KitCall<Settings>, manner: 'orderly' | 'hard'): Promise<Outcome> {
  const begunAt = performance.now();
  const left = (): number => call.budgetMs - (performance.now() - begunAt);
  const configuration = await readConfiguration(call);
  if ('result' in configuration) return configuration;
  const endpoints = await findEndpoints(configuration);
  const asked = smtpEndpoints(call.settings, endpoints, configuration.protocols);

  const found = await lookAtRunning(call, left());
  if (typeof found !== 'string') return found;
  const obstacle = (await findObstacles(call, configuration)) ?? findAbsent(endpoints);
  // What hangs is ended only where it can be started again.
  if (obstacle !== undefined) return obstacle;
  const stopped = await stopInstance(call, { manner, withinMs: Math.max(1_000, left() / 2) });
  if (!stopped.isGone) return failed(stopped.says, stopped.todo);

  const inTheWay = await findTaken(endpoints);
  if (inTheWay !== undefined) return inTheWay;
  if (call.signal.aborted) return failed('told to stop before it was started', 'restore again');
  const fresh = await refreshChroot(configuration);
  const started = await startInstance(call, configuration, asked, left());
  if (started.result === 'failed') return started;
  const notes = [
    found === 'hung' ? `the one that hung was ended: ${stopped.says}` : stopped.says,
    fresh.length > 0 ? `copied anew for its chroot: ${fresh.join(', ')}` : '',
    ...configuration.warnings,
  ];
  return done([started.evidence, ...notes].filter((words) => words !== '').join('; '));
}

async function lookAtRunning(call: KitCall<Settings>, leftMs: number): Promise<Outcome | 'none' | 'hung'> {
  const { all, stranger } = await findInstance(call.settings);
  if (stranger !== undefined) {
    return failed(
      `${call.settings.queueDirectory} is in use by the master ${stranger.entry.pid} of ${stranger.configDirectory}`,
      'give each instance a queue_directory of its own; one queue may have one Postfix at a time',
    );
  }
  if (all.length === 0) return 'none';
  const { finding, evidence } = await quickCheck({ ...call, budgetMs: Math.max(1_000, leftMs / 3) });
  const isThere = finding === 'in-service' || finding === 'degraded';
  return isThere ? done(`it runs already, ${evidence}`) : 'hung';
}

function findAbsent(endpoints: readonly Endpoint[]): Outcome | undefined {
  const absent = findAbsentAddresses(endpoints);
  if (absent.length === 0) return undefined;
  return failed(
    `${absent.join(', ')} is not on this node, and Postfix is to listen there`,
    'let the resource need that address, or correct inet_interfaces and master.cf',
  );
}

async function findTaken(endpoints: readonly Endpoint[]): Promise<Outcome | undefined> {
  const holder = await findPortHolder(endpoints);
  if (holder === undefined) return undefined;
  const who = holder.process === undefined ? 'somebody unknown' : sayProcesses([holder.process]);
  return failed(`port ${holder.port} is in use by ${who}`, `stop it, or keep it from port ${holder.port}`);
}
