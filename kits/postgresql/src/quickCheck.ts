import { stat } from 'node:fs/promises';
import {
  askOnce,
  type CheckResult,
  type Condition,
  found,
  type KitCall,
  type ProcessEntry,
} from '@holdfast/kit';
import { askServer } from './askServer.ts';
import { findInstallation, type Installation } from './findInstallation.ts';
import { findProcesses, findServer } from './findServer.ts';
import { logFileOf, type Settings } from './settings.ts';

/** Of the budget, for ending the program that asks and for the answer. */
const keptMs = 250;
const largeLogBytes = 256 * 1024 * 1024;

/**
 * Who is it, what does it say that it does, and does it answer: the cheaper question first. The data directory may be
 * on a disk that died, so what is read from it is waited for no longer than there is time.
 */
export async function quickCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const begunAt = performance.now();
  const left = (): number => call.budgetMs - keptMs - (performance.now() - begunAt);
  const { dataDirectory } = call.settings;
  const sight = await askOnce(`postgresql ${dataDirectory}`, () => look(call), {
    withinMs: left(),
    signal: call.signal,
  });
  if (sight === undefined) return found('timeout', `${dataDirectory} cannot be read in time`);
  if ('finding' in sight) return sight;
  const answer = await askServer(call, sight.installation, left());
  return found(answer.finding, `${sight.who}: ${answer.says}`, sight.conditions);
}

type Sight = Readonly<{ who: string; installation: Installation; conditions: readonly Condition[] }>;

/** All that can be seen without asking the server; a finding when that is enough. */
async function look(call: KitCall<Settings>): Promise<Sight | CheckResult> {
  const { dataDirectory } = call.settings;
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
  return { who, installation, conditions: await conditionsOf(call.settings) };
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
