import { stat } from 'node:fs/promises';
import { type CheckResult, type Condition, found, type KitCall, type ProcessEntry } from '@holdfast/kit';
import { askServer } from './askServer.ts';
import { findInstallation } from './findInstallation.ts';
import { findProcesses, findServer } from './findServer.ts';
import { logFileOf, type Settings } from './settings.ts';

const largeLogBytes = 256 * 1024 * 1024;

/** Who is it, what does it say it is doing, and does it answer: the cheaper question first. */
export async function quickCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const begunAt = performance.now();
  const { settings, budgetMs } = call;
  const { dataDirectory } = settings;
  const { postmaster, pidFile } = await findServer(dataDirectory);
  if (postmaster === undefined) {
    const others = await findProcesses(dataDirectory);
    if (others.length === 0) return found('out-of-service', `no server runs in ${dataDirectory}`);
    return found('failed', `no postmaster runs in ${dataDirectory}, but ${sayProcesses(others)} do`);
  }
  const who = `postmaster ${postmaster.pid}`;
  if (isStopped(postmaster)) return found('failed', `${who} is frozen: somebody stopped it by a signal`);
  if (pidFile?.status === 'stopping') return found('failed', `${who} is shutting down`);
  if (pidFile?.status === 'starting') return found('degraded', `${who} is starting up`);

  const version = await stat(`${dataDirectory}/PG_VERSION`).catch(() => undefined);
  if (version === undefined) return found('failed', `${who} runs, but its data directory is gone`);
  const installation = await findInstallation(call);
  if ('result' in installation) return found('unknown', installation.evidence);
  const withinMs = budgetMs - (performance.now() - begunAt) - 250;
  const answer = await askServer(call, installation, withinMs);
  return found(answer.finding, `${who}: ${answer.says}`, await conditionsOf(settings));
}

export function isStopped({ state }: ProcessEntry): boolean {
  return state === 'T' || state === 't';
}

export function sayProcesses(entries: readonly ProcessEntry[]): string {
  const names = entries.slice(0, 5).map(({ pid, name }) => `${pid} (${name})`);
  return `${names.join(', ')}${entries.length > 5 ? ` and ${entries.length - 5} others` : ''}`;
}

async function conditionsOf(settings: Settings): Promise<readonly Condition[]> {
  const log = logFileOf(settings);
  const size = (await stat(log).catch(() => undefined))?.size ?? 0;
  if (size < largeLogBytes) return [];
  const says = `${log} has ${Math.round(size / 1024 / 1024)} MB: set logging_collector, or rotate it`;
  return [{ code: 'large-log', says }];
}
