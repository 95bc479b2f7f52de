import { done, failed, type KitCall, type Outcome, type ProcessEntry, waitUntil } from '@holdfast/kit';
import { askServer } from './askServer.ts';
import { findDeafAddresses } from './findDeafAddresses.ts';
import type { Installation } from './findInstallation.ts';
import { findProcesses, findServer } from './findServer.ts';
import { lastWords } from './lastWords.ts';
import { isFull } from './serverAnswer.ts';
import { logFileOf, type Settings } from './settings.ts';
import { todoFor } from './todoFor.ts';
import { tryWriting } from './tryWriting.ts';
import { watchProgress } from './watchProgress.ts';

type Wait = Readonly<{
  withinMs: number;
  /** Size of the log before the start; undefined when somebody else started it. */
  logFrom: number | undefined;
}>;

/** Looking through all processes costs more than reading one file, so it is done at steps of this. */
const lookEveryMs = 50;

/**
 * Waits for a server that starts. Crash recovery may take minutes: it is waited for as long as it gets on, and never
 * ended for being slow.
 */
export async function waitForServer(
  call: KitCall<Settings>,
  installation: Installation,
  { withinMs, logFrom }: Wait,
): Promise<Outcome> {
  const { dataDirectory, port, stallSeconds } = call.settings;
  const begunAt = performance.now();
  const watch = watchProgress(begunAt);
  let lastLookAt = begunAt;
  const answer = await waitUntil<Outcome>(
    async () => {
      const { postmaster, pidFile } = await findServer(dataDirectory);
      const now = performance.now();
      const isTimeToLook = now - lastLookAt >= lookEveryMs;
      if (isTimeToLook) lastLookAt = now;
      if (postmaster === undefined) {
        if (!isTimeToLook) return undefined;
        const isThere = (await findProcesses(dataDirectory)).length > 0;
        return isThere ? undefined : failedStart(call, installation, logFrom);
      }
      // A server that recovers an archive says standby before it lets anybody in.
      if (pidFile?.status !== 'ready' && pidFile?.status !== 'standby') {
        if (!isTimeToLook) return undefined;
        const stalledMs = await watch.look(postmaster, now);
        return stalledMs < stallSeconds * 1_000 ? undefined : stalled(call, watch.says(), stalledMs);
      }
      const asked = await askServer(call, installation, Math.min(5_000, withinMs));
      if (asked.finding === 'in-service' || isFull(asked)) {
        // It answers on its socket, while its clients come by the network.
        const { listenAddresses = '' } = asked;
        const deaf = await findDeafAddresses(postmaster, { listenAddresses, port });
        if (deaf === 'gone') return undefined;
        if (deaf.length > 0) return deafServer(postmaster, deaf);
        const tookMs = Math.round(performance.now() - begunAt);
        return done(`postmaster ${postmaster.pid} answers on port ${port} after ${tookMs} ms`);
      }
      if (asked.finding === 'unknown' && !call.signal.aborted) {
        return failed(
          `postmaster ${postmaster.pid} runs, and cannot be asked: ${asked.says}`,
          'let the check in: set user and database, see pg_hba.conf',
        );
      }
      return undefined;
    },
    { withinMs, signal: call.signal },
  );
  if (answer !== undefined) return answer;
  const why = call.signal.aborted
    ? 'told to stop while it started'
    : `not ready after ${Math.round(withinMs)} ms`;
  return failed(
    [why, watch.says(), await lastWords(logFileOf(call.settings), logFrom ?? 0)].filter(Boolean).join('; '),
    'when it recovers from a crash, give restore more time; it goes on starting until it is removed',
  );
}

function deafServer({ pid }: ProcessEntry, addresses: readonly string[]): Outcome {
  return failed(
    `postmaster ${pid} runs, and does not listen on ${addresses.join(', ')}, which listen_addresses names`,
    'let the resource need the address, so that it is there first; remove, and restore again',
  );
}

function stalled({ settings }: KitCall<Settings>, where: string, stalledMs: number): Outcome {
  return failed(
    [`it starts, and did not get on for ${Math.round(stalledMs / 1_000)} s`, where]
      .filter(Boolean)
      .join('; '),
    `look for what it waits for, such as a dead disk, and at its log ${logFileOf(settings)}; it was not ended`,
  );
}

async function failedStart(
  { settings }: KitCall<Settings>,
  { owner }: Installation,
  logFrom: number | undefined,
): Promise<Outcome> {
  const log = logFileOf(settings);
  const words = (await lastWords(log, logFrom ?? 0)) || (await sayWhySilent(settings, owner));
  return failed(words, todoFor(words) ?? `correct what it names, and restore again; its log is ${log}`);
}

/** A server whose log cannot be written does not say that either. */
async function sayWhySilent(settings: Settings, owner: Installation['owner']): Promise<string> {
  const refused = await tryWriting(settings.dataDirectory, owner);
  const silent = `the server ended while it started, without a word in ${logFileOf(settings)}`;
  return refused === undefined ? silent : `${silent}: ${refused.evidence}`;
}
