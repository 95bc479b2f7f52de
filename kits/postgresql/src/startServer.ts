import { chown, mkdir, rename, stat } from 'node:fs/promises';
import { failed, type KitCall, type Outcome } from '@holdfast/kit';
import type { Installation } from './findInstallation.ts';
import { findHolder } from './findListeners.ts';
import { findServer } from './findServer.ts';
import { lastWords } from './lastWords.ts';
import { type Launch, launchDetached } from './launchDetached.ts';
import { launchAtOnce } from './readyLauncher.ts';
import { logFileOf, type Settings } from './settings.ts';
import { waitForServer } from './waitForServer.ts';

const keptLogBytes = 16 * 1024 * 1024;

/**
 * Starts the server, detached from this process, and waits until it lets clients in. The start itself takes some
 * milliseconds: it is not ended half-way when restore is told to stop, so that nothing is there that nobody knows.
 */
export async function startServer(
  call: KitCall<Settings>,
  installation: Installation,
  withinMs: number,
): Promise<Outcome> {
  const { settings, memory } = call;
  const launch = launchOf(settings, installation);
  const { log } = launch;
  const [logFrom] = await Promise.all([makeRoomInLog(log), makeSocketDirectory(settings, installation)]);
  if (!(await launchAtOnce(memory, launch))) {
    const started = await launchDetached(call.run, launch);
    if (!started.ok) {
      const words = await lastWords(log, logFrom);
      return failed(
        [started.stderr.trim().replaceAll(/\s*\n\s*/g, ' ') || started.says, words]
          .filter(Boolean)
          .join('; '),
        `correct what it names, and restore again; its log is ${log}`,
      );
    }
  }
  return namePortHolder(call, await waitForServer(call, installation, { withinMs, logFrom }));
}

/** How the server is started, in every detail. */
export function launchOf(settings: Settings, { bin, owner }: Pick<Installation, 'bin' | 'owner'>): Launch {
  const { dataDirectory, port, socketDirectory, configFile } = settings;
  const file = configFile === undefined ? [] : ['-c', `config_file=${configFile}`];
  const options = ['-D', dataDirectory, '-p', String(port), '-k', socketDirectory, ...file];
  return { argv: [`${bin}/postgres`, ...options], account: owner, log: logFileOf(settings) };
}

/** The line that says so itself may stand too far above. */
const portTrouble = /Address already in use|could not create any TCP\/IP sockets|does not listen/;

async function namePortHolder({ settings }: KitCall<Settings>, outcome: Outcome): Promise<Outcome> {
  if (outcome.result === 'done') return outcome;
  if (!portTrouble.test(outcome.evidence)) return outcome;
  const { postmaster } = await findServer(settings.dataDirectory);
  const holder = await findHolder(settings.port, postmaster);
  if (holder === undefined) return outcome;
  const who =
    holder === 'somebody' ? 'somebody in another container' : `process ${holder.pid} (${holder.name})`;
  const says = `port ${settings.port} is held by ${who}`;
  return failed(`${outcome.evidence}; ${says}`, outcome.todo);
}

/** It is on a file system that is empty after each boot, and PostgreSQL refuses to start without it. */
async function makeSocketDirectory({ socketDirectory }: Settings, { owner }: Installation): Promise<void> {
  const made = await mkdir(socketDirectory, { recursive: true, mode: 0o2775 });
  if (made !== undefined) await chown(socketDirectory, owner.uid, owner.gid);
}

/**
 * The log stands with the data, so that it moves with them and the story of a failover is in one place. It is kept
 * small here, with one older part; a check says when it grows large while the server runs. Answers where it goes on.
 */
async function makeRoomInLog(log: string): Promise<number> {
  const size = (await stat(log).catch(() => undefined))?.size ?? 0;
  if (size <= keptLogBytes) return size;
  await rename(log, `${log}.1`);
  return 0;
}
