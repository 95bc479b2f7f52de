import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import {
  listPids,
  lookThroughProcesses,
  type ProcessEntry,
  readProcess,
  readProcessLink,
} from '@holdfast/kit';
import { pidFileOf, type Settings } from './settings.ts';

/** The processes of one configuration directory, and of no other. */
export type Instance = Readonly<{
  /** The master that holds the lock of the queue. */
  master: ProcessEntry | undefined;
  /** All of its processes: the master, its children, orphans, and one that is just being started. */
  all: readonly ProcessEntry[];
  /** The master of another instance, which holds the lock of this queue. */
  stranger: Readonly<{ entry: ProcessEntry; configDirectory: string }> | undefined;
}>;

/**
 * Finds the instance by what its processes are. `postfix status` will not do: it answers "not running" as soon as the
 * address of the instance is gone, while the master goes on. A process of the instance runs a program of Postfix's
 * daemon directory, with MAIL_CONFIG set to the configuration directory: Postfix hands it from the postfix command to
 * the master and to each child. That the master is in service shows in the lock: a number in a file proves nothing.
 */
export async function findInstance(settings: Settings): Promise<Instance> {
  const own = new Set([settings.configDirectory, await resolved(settings.configDirectory)]);
  const pidFile = `${await resolved(settings.queueDirectory)}/${pidFileOf(settings).slice(settings.queueDirectory.length + 1)}`;
  const processes = await lookThroughProcesses(async (pid) => {
    const kind = await kindOf(pid);
    if (kind === undefined) return undefined;
    const entry = await readProcess(pid);
    if (entry === undefined) return undefined;
    const isNamed = own.has(kind.configDirectory) || own.has(await resolved(kind.configDirectory));
    const isOurs = isNamed && (await isOfThisWorld(pid, settings.queueDirectory));
    const holdsLock = kind.isMaster && (await holdsLockOf(pid, pidFile));
    return { entry, isOurs, holdsLock, configDirectory: kind.configDirectory };
  });
  const ours = processes.filter(({ isOurs }) => isOurs);
  const stranger = processes.find(({ isOurs, holdsLock }) => holdsLock && !isOurs);
  return {
    master: ours.find(({ holdsLock }) => holdsLock)?.entry,
    all: ours.map(({ entry }) => entry),
    stranger:
      stranger === undefined
        ? undefined
        : { entry: stranger.entry, configDirectory: stranger.configDirectory },
  };
}

/** Whose master has this file locked; undefined when it is free. For the lock of a data directory. */
export async function findLockHolder(
  file: string,
): Promise<Readonly<{ entry: ProcessEntry; configDirectory: string }> | undefined> {
  const path = await resolved(file);
  for (const pid of await listPids()) {
    const kind = await kindOf(pid);
    if (kind?.isMaster !== true || !(await holdsLockOf(pid, path))) continue;
    const entry = await readProcess(pid);
    if (entry !== undefined) return { entry, configDirectory: kind.configDirectory };
  }
  return undefined;
}

export function isStopped({ state }: ProcessEntry): boolean {
  return state === 'T' || state === 't';
}

export function sayProcesses(entries: readonly ProcessEntry[]): string {
  const names = entries.slice(0, 5).map(({ pid, name }) => `${pid} (${name})`);
  return `${names.join(', ')}${entries.length > 5 ? ` and ${entries.length - 5} others` : ''}`;
}

type Kind = Readonly<{ configDirectory: string; isMaster: boolean }>;

async function kindOf(pid: number): Promise<Kind | undefined> {
  // After an upgrade of the package the program of a running server is gone from the disk.
  const program = (await readProcessLink(pid, 'exe'))?.replace(/ \(deleted\)$/, '');
  if (program === undefined) return undefined;
  const environment = await readEnvironment(pid);
  const configDirectory = environment.get('MAIL_CONFIG')?.replace(/(?<=.)\/+$/, '');
  if (configDirectory === undefined) return undefined;
  if (await isDaemonDirectory(dirname(program))) {
    return { configDirectory, isMaster: basename(program) === 'master' };
  }
  return (await isStarting(pid)) ? { configDirectory, isMaster: false } : undefined;
}

/** Where Postfix keeps what it runs, wherever it was installed: the master and its script stand side by side. */
async function isDaemonDirectory(folder: string): Promise<boolean> {
  const parts = ['master', 'postfix-script'].map((name) => stat(`${folder}/${name}`));
  return Promise.all(parts).then(
    () => true,
    () => false,
  );
}

/** The script behind `postfix start`, which will make a master in a moment. */
async function isStarting(pid: number): Promise<boolean> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  const script = words.findIndex((word) => word.endsWith('/postfix-script'));
  return script !== -1 && /^start(-fg)?$/.test(words[script + 1] ?? '');
}

/**
 * A container may have a Postfix with the same paths, which mean other files there. What shares our mounts means the
 * same; of what does not, its working folder tells, which is the queue, for all of Postfix's programs.
 */
async function isOfThisWorld(pid: number, queueDirectory: string): Promise<boolean> {
  const isShared = async (name: string): Promise<boolean> =>
    (await readlink(`/proc/${pid}/ns/${name}`).catch(() => '')) === (await readlink(`/proc/self/ns/${name}`));
  if (!(await isShared('pid'))) return false;
  if (await isShared('mnt')) return true;
  const folders = [`/proc/${pid}/cwd`, queueDirectory].map((path) => stat(path).catch(() => undefined));
  const [here, queue] = await Promise.all(folders);
  return here !== undefined && here.ino === queue?.ino && here.dev === queue.dev;
}

async function readEnvironment(pid: number): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return new Map(
    text.split('\0').map((line): [string, string] => {
      const end = line.indexOf('=');
      return [line.slice(0, end), line.slice(end + 1)];
    }),
  );
}

/** True when the process has this very file open, and locked. */
async function holdsLockOf(pid: number, path: string): Promise<boolean> {
  const wanted = await stat(path).catch(() => undefined);
  if (wanted === undefined) return false;
  for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => undefined);
    if (target !== path) continue;
    const opened = await stat(`/proc/${pid}/fd/${descriptor}`).catch(() => undefined);
    if (opened?.ino !== wanted.ino || opened.dev !== wanted.dev) continue;
    const info = await readFile(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8').catch(() => '');
    if (/^lock:.*\bWRITE\b/m.test(info)) return true;
  }
  return false;
}

async function resolved(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
