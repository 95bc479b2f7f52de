import { stat } from 'node:fs/promises';
import {
  askOnce,
  type CheckResult,
  type Condition,
  found,
  type KitCall,
  type ProcessEntry,
  readProcess,
  waitUntil,
} from '@holdfast/kit';
import { askAgain, closeKept } from './askAgain.ts';
import { findProgress } from './findProgress.ts';
import { findRoom } from './findRoom.ts';
import { findProcesses, findServer } from './findServer.ts';
import type { ServerAnswer } from './serverAnswer.ts';
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
  const sight = await askOnce(`postgresql ${dataDirectory}`, () => look(call.settings), {
    withinMs: left(),
    signal: call.signal,
  });
  if (sight === undefined) return found('timeout', `${dataDirectory} cannot be read in time`);
  if ('finding' in sight) {
    closeKept(call.memory);
    return sight;
  }
  const answer = await askUnlessFrozen(call, sight.postmaster, left());
  return found(answer.finding, `${sight.who}: ${answer.says}`, [...sight.conditions, ...answer.conditions]);
}

/** A server that is frozen while it is asked answers nobody: that is seen, and not waited out. */
async function askUnlessFrozen(
  call: KitCall<Settings>,
  postmaster: ProcessEntry,
  withinMs: number,
): Promise<ServerAnswer> {
  const over = new AbortController();
  const signal = AbortSignal.any([call.signal, over.signal]);
  const freezing = waitUntil(
    async () => {
      const now = await readProcess(postmaster.pid);
      return now?.startedAt === postmaster.startedAt && isStopped(now) ? true : undefined;
    },
    { withinMs, signal },
  );
  const asking = askAgain({ ...call, signal }, postmaster, withinMs);
  try {
    const frozen = freezing.then<true | ServerAnswer>((isFrozen) => isFrozen ?? asking);
    const first = await Promise.race<true | ServerAnswer>([asking, frozen]);
    if (first !== true) return first;
    return { finding: 'failed', says: 'it is frozen: somebody stopped it by a signal', conditions: [] };
  } finally {
    over.abort('answered');
  }
}

type Sight = Readonly<{ who: string; postmaster: ProcessEntry; conditions: readonly Condition[] }>;

/** All that can be seen without asking the server; a finding when that is enough. */
async function look(settings: Settings): Promise<Sight | CheckResult> {
  const { dataDirectory } = settings;
  const { postmaster, pidFile } = await findServer(dataDirectory);
  if (postmaster === undefined) return lookWithoutPostmaster(settings, pidFile !== undefined);
  const who = `postmaster ${postmaster.pid}`;
  if (isStopped(postmaster)) return found('failed', `${who} is frozen: somebody stopped it by a signal`);
  if (pidFile?.status === 'stopping') return found('failed', `${who} is shutting down`);
  const conditions = await conditionsOf(settings);
  if (pidFile?.status === 'starting') {
    const progress = await findProgress(postmaster);
    const where = progress === undefined ? '' : `, at "${progress.says}"`;
    return found('degraded', `${who} is starting up${where}`, conditions);
  }
  const version = await stat(`${dataDirectory}/PG_VERSION`).catch(() => undefined);
  if (version === undefined) return found('failed', `${who} runs, but its data directory is gone`);
  return { who, postmaster, conditions };
}

async function lookWithoutPostmaster(settings: Settings, hasPidFile: boolean): Promise<CheckResult> {
  const { dataDirectory } = settings;
  const [others, version, room] = await Promise.all([
    findProcesses(dataDirectory),
    stat(`${dataDirectory}/PG_VERSION`).catch(() => undefined),
    conditionsOf(settings),
  ]);
  // Where the data are not mounted, the room is not theirs.
  const conditions = version === undefined ? [] : room;
  if (others.length === 0) return found('out-of-service', `no server runs in ${dataDirectory}`, conditions);
  const missing = hasPidFile ? '' : ' and postmaster.pid is gone, so that it ends within a minute';
  return found(
    'failed',
    `no postmaster is known in ${dataDirectory}, but ${sayProcesses(others)} run${missing}`,
    conditions,
  );
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
  const [room, file] = await Promise.all([
    findRoom(settings.dataDirectory),
    stat(log).catch(() => undefined),
  ]);
  const size = file?.size ?? 0;
  if (size < largeLogBytes) return room;
  const says = `${log} has ${Math.round(size / 1024 / 1024)} MB: set logging_collector, or rotate it`;
  return [...room, { code: 'large-log', says }];
}
