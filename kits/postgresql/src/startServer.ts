import { chown, mkdir, rename, stat } from 'node:fs/promises';
import { failed, type KitCall, type Outcome } from '@holdfast/kit';
import type { Installation } from './findInstallation.ts';
import { findHolder } from './findListeners.ts';
import { findServer } from './findServer.ts';
import { lastWords } from './lastWords.ts';
import { logFileOf, type Settings } from './settings.ts';
import { waitForServer } from './waitForServer.ts';

/** pg_ctl takes some milliseconds and knows what it started: it is not ended half-way when restore is told to stop. */
const neverAborts = new AbortController().signal;

const keptLogBytes = 16 * 1024 * 1024;

/**
 * Starts the server by pg_ctl, which detaches it from this process, and waits by itself: pg_ctl would look ten times
 * a second only.
 */
export async function startServer(
  call: KitCall<Settings>,
  installation: Installation,
  withinMs: number,
): Promise<Outcome> {
  const { settings } = call;
  const { dataDirectory, port, socketDirectory, configFile } = settings;
  await makeSocketDirectory(settings, installation);
  const log = logFileOf(settings);
  await setOldLogAside(log);
  const logFrom = (await stat(log).catch(() => undefined))?.size ?? 0;
  const options = [
    `-p ${port}`,
    `-k ${socketDirectory}`,
    ...(configFile === undefined ? [] : [`-c config_file=${configFile}`]),
  ].join(' ');
  const started = await call.run(
    [`${installation.bin}/pg_ctl`, 'start', '-W', '-s', '-D', dataDirectory, '-l', log, '-o', options],
    { account: installation.owner, cwd: '/', budgetMs: 20_000, signal: neverAborts },
  );
  if (!started.ok) {
    const words = await lastWords(log, logFrom);
    return failed(
      [started.stderr.trim().replaceAll(/\s*\n\s*/g, ' ') || started.says, words].filter(Boolean).join('; '),
      `correct what it names, and restore again; its log is ${log}`,
    );
  }
  return namePortHolder(call, await waitForServer(call, installation, { withinMs, logFrom }));
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
 * small here, with one older part; a check says when it grows large while the server runs.
 */
async function setOldLogAside(log: string): Promise<void> {
  const size = (await stat(log).catch(() => undefined))?.size ?? 0;
  if (size > keptLogBytes) await rename(log, `${log}.1`);
}
