import { done, failed, type KitCall, type Outcome, waitUntil } from '@holdfast/kit';
import { askServer } from './askServer.ts';
import type { Installation } from './findInstallation.ts';
import { findProcesses, findServer } from './findServer.ts';
import { lastWords } from './lastWords.ts';
import { logFileOf, type Settings } from './settings.ts';

type Wait = Readonly<{
  withinMs: number;
  /** Size of the log before the start; undefined when somebody else started it. */
  logFrom: number | undefined;
}>;

/** Looking through all processes costs more than reading one file, so it is done at steps of this. */
const scanEveryMs = 50;

/**
 * Waits for a server that starts. Crash recovery may take minutes and writes nothing that would show its progress
 * cheaply: so as long as the server lives, it is waited for until the budget ends.
 */
export async function waitForServer(
  call: KitCall<Settings>,
  installation: Installation,
  { withinMs, logFrom }: Wait,
): Promise<Outcome> {
  const { dataDirectory, port } = call.settings;
  const begunAt = performance.now();
  let lastScanAt = begunAt;
  const answer = await waitUntil<Outcome>(
    async () => {
      const { postmaster, pidFile } = await findServer(dataDirectory);
      const now = performance.now();
      if (postmaster === undefined) {
        if (now - lastScanAt < scanEveryMs) return undefined;
        lastScanAt = now;
        const isThere = (await findProcesses(dataDirectory)).length > 0;
        return isThere ? undefined : failedStart(call, logFrom);
      }
      // A server that recovers an archive says standby before it lets anybody in.
      if (pidFile?.status !== 'ready' && pidFile?.status !== 'standby') return undefined;
      const asked = await askServer(call, installation, Math.min(5_000, withinMs));
      if (asked.finding === 'in-service') {
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
    [why, await lastWords(logFileOf(call.settings), logFrom ?? 0)].filter(Boolean).join('; '),
    'when it recovers from a crash, give restore more time; it goes on starting until it is removed',
  );
}

async function failedStart({ settings }: KitCall<Settings>, logFrom: number | undefined): Promise<Outcome> {
  const log = logFileOf(settings);
  const words = await lastWords(log, logFrom ?? 0);
  return failed(
    words === '' ? `the server ended while it started, without a word in ${log}` : words,
    `correct what it names, and restore again; its log is ${log}`,
  );
}
