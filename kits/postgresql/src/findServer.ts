import { readFile, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { lookThroughProcesses, type ProcessEntry, readProcess, readProcessLink } from '@holdfast/kit';
import { isPostmaster } from './isPostmaster.ts';
import { type PidFile, readPidFile } from './readPidFile.ts';
import { waitingScript } from './readyLauncher.ts';

/** The processes of one data directory, and of no other. */
export type Server = Readonly<{
  /** The one that postmaster.pid names, and that is what it says. */
  postmaster: ProcessEntry | undefined;
  pidFile: PidFile | undefined;
}>;

/**
 * The postmaster of a data directory. That a process of that number answers a signal proves nothing: it may be a
 * zombie, or somebody else who was given the number since. So it must run the program postgres, with the data
 * directory as its working folder, and be the one that started when the file says.
 */
export async function findServer(dataDirectory: string): Promise<Server> {
  const pidFile = await readPidFile(`${dataDirectory}/postmaster.pid`);
  if (pidFile === undefined || pidFile.pid === undefined) return { postmaster: undefined, pidFile };
  const entry = await readProcess(pidFile.pid);
  if (entry === undefined || !(await runsIn(entry.pid, await resolved(dataDirectory)))) {
    return { postmaster: undefined, pidFile };
  }
  return { postmaster: (await isPostmaster(entry, pidFile)) ? entry : undefined, pidFile };
}

/**
 * All processes of the data directory: the postmaster, its children, orphans without one, and a server that was
 * started a moment ago and has not yet entered its folder.
 */
export async function findProcesses(dataDirectory: string): Promise<readonly ProcessEntry[]> {
  const folder = await resolved(dataDirectory);
  return lookThroughProcesses(async (pid) => {
    const isOne = (await runsIn(pid, folder)) || (await isBeginning(pid, dataDirectory));
    return isOne ? readProcess(pid) : undefined;
  });
}

async function runsIn(pid: number, folder: string): Promise<boolean> {
  return (await isPostgres(pid)) && (await readProcessLink(pid, 'cwd')) === folder;
}

async function isPostgres(pid: number): Promise<boolean> {
  // After an upgrade of the package the program of a running server is gone from the disk.
  const program = (await readProcessLink(pid, 'exe'))?.replace(/ \(deleted\)$/, '');
  return program !== undefined && basename(program) === 'postgres';
}

/** The shell of `launchDetached` becomes setsid, whose child becomes the server; pg_ctl starts a shell that becomes it. */
async function isBeginning(pid: number, dataDirectory: string): Promise<boolean> {
  const program = await readProcessLink(pid, 'exe');
  if (program === undefined || !/\/(postgres|pg_ctl|setsid|dash|bash|busybox|sh)$/.test(program))
    return false;
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  if (words[2] === waitingScript) return false;
  if (basename(program) === 'pg_ctl' && !words.includes('start')) return false;
  const namesIt = words.some((word, index) => word === '-D' && words[index + 1] === dataDirectory);
  if (basename(program) === 'postgres' || basename(program) === 'pg_ctl') return namesIt;
  if (words.some((word) => word.endsWith('/postgres'))) return namesIt;
  const script = words[1] === '-c' ? words[2] : undefined;
  return script?.startsWith('exec "') === true && script.includes(`/postgres" -D "${dataDirectory}" `);
}

async function resolved(folder: string): Promise<string> {
  return realpath(folder).catch(() => folder);
}
