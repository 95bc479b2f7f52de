import { statfs } from 'node:fs/promises';
import { askOnce, type CheckResult, type Condition, found, type KitCall } from '@holdfast/kit';
import { askServer } from './askServer.ts';
import { type Endpoint, findAbsentAddresses, findEndpoints, smtpEndpoints } from './findEndpoints.ts';
import { findInstance, type Instance, isStopped, sayProcesses } from './findInstance.ts';
import { type Configuration, readConfiguration } from './readConfiguration.ts';
import type { Settings } from './settings.ts';
import { whereIs } from './whereIs.ts';

/** Of the budget, for the answer. */
const keptMs = 250;

/** What can be seen without a word to the server; enough to ask it, and more. */
export type Sight = Readonly<{
  who: string;
  instance: Instance;
  configuration: Configuration;
  endpoints: readonly Endpoint[];
  conditions: readonly Condition[];
  /** The queue has no room, so that the server refuses mail, however well it answers. */
  isFull: boolean;
}>;

/**
 * Who is it, has it the lock of its queue, is the queue still there, and does it answer: the cheaper question first.
 * What is read from the disk is waited for no longer than there is time, as the disk may be dead.
 */
export async function quickCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const begunAt = performance.now();
  const sight = await lookInTime(call);
  if ('finding' in sight) return sight;
  return ask(call, sight, call.budgetMs - keptMs - (performance.now() - begunAt));
}

export async function lookInTime(call: KitCall<Settings>): Promise<Sight | CheckResult> {
  const { configDirectory } = call.settings;
  const sight = await askOnce(`postfix ${configDirectory}`, () => look(call), {
    withinMs: call.budgetMs - keptMs,
    signal: call.signal,
  });
  return sight ?? found('timeout', `the files of ${configDirectory} cannot be read in time`);
}

export async function ask(call: KitCall<Settings>, sight: Sight, leftMs: number): Promise<CheckResult> {
  const { bannerTimeoutMs } = call.settings;
  const absent = findAbsentAddresses(sight.endpoints);
  if (absent.length > 0) {
    // The master knows nothing of it and goes on; those who need the address are not served.
    return found(
      'failed',
      `${sight.who} runs, but ${absent.join(', ')} is not on this node`,
      sight.conditions,
    );
  }
  const withinMs = Math.max(1, Math.min(bannerTimeoutMs, leftMs));
  const answer = await askServer(call, sight.endpoints, sight.instance, withinMs);
  const finding = answer.finding === 'in-service' && sight.isFull ? 'degraded' : answer.finding;
  const room = sight.isFull ? '; its queue has no room, so it refuses mail' : '';
  return found(finding, `${sight.who}: ${answer.says}${room}`, sight.conditions);
}

async function look(call: KitCall<Settings>): Promise<Sight | CheckResult> {
  const { settings } = call;
  const { configDirectory, queueDirectory, queueMountPoint } = settings;
  const instance = await findInstance(settings);
  const { master, all, stranger } = instance;
  if (all.length === 0) {
    const says = `no Postfix of ${configDirectory} runs`;
    if (stranger === undefined) return found('out-of-service', says);
    const taken = `${queueDirectory} is in use by the master ${stranger.entry.pid} of ${stranger.configDirectory}`;
    return found('out-of-service', `${says}; ${taken}`, [{ code: 'queue-taken', says: taken }]);
  }
  if (master === undefined) {
    return found('failed', `no master holds the lock of ${queueDirectory}, but ${sayProcesses(all)} runs`);
  }
  const who = `master ${master.pid}`;
  if (isStopped(master)) return found('failed', `${who} is frozen: somebody stopped it by a signal`);
  const place = await whereIs(queueDirectory);
  if (queueMountPoint !== undefined && place.mountPoint !== queueMountPoint) {
    return found('failed', `${who} runs, but ${queueDirectory} is not on ${queueMountPoint} any more`);
  }
  if (place.isReadOnly) {
    return found('failed', `${who} runs, but its queue is on ${place.mountPoint}, which is read-only`);
  }
  const read = await readConfiguration(call);
  const lastGood = (call.memory.get('configuration') as { read: Configuration } | undefined)?.read;
  const configuration = 'result' in read ? lastGood : read;
  if (configuration === undefined)
    return found('unknown', `${who} runs; ${(read as { evidence: string }).evidence}`);
  const says = 'result' in read ? `it goes on with what it has read, but ${read.evidence}` : undefined;
  const room = await findRoom(queueDirectory, configuration);
  return {
    who,
    instance,
    configuration,
    endpoints: smtpEndpoints(settings, await findEndpoints(configuration), configuration.protocols),
    conditions: [...(says === undefined ? [] : [{ code: 'configuration', says }]), ...room],
    isFull: room.length > 0,
  };
}

/** smtpd wants one and a half times the largest message, and answers 452 below that. */
async function findRoom(
  queueDirectory: string,
  { messageSizeMax }: Configuration,
): Promise<readonly Condition[]> {
  const { bavail, bsize, files, ffree } = await statfs(queueDirectory);
  const free = bavail * bsize;
  const wanted = 1.5 * messageSizeMax;
  if (free >= wanted && (files === 0 || ffree > 0)) return [];
  const says =
    free < wanted
      ? `${queueDirectory} has ${megabytes(free)} MB free, and below ${megabytes(wanted)} MB mail is refused with 452`
      : `${queueDirectory} is on a file system that can hold no more files`;
  return [{ code: 'queue-full', says }];
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
