import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * A process as /proc shows it. A number alone is no identity: it is used again after the process ended. The number
 * together with the time of its start, counted from the boot, is one, whatever is done to the clock on the wall.
 */
export type ProcessEntry = Readonly<{
  pid: number;
  /** Clock ticks from the boot to its start. */
  startedAt: string;
  parent: number;
  /** As in `ps`: R, S, D, T (stopped by a signal), t (held by a debugger). */
  state: string;
  name: string;
}>;

/** Undefined when there is no such process. A zombie is dead: it holds nothing and serves nobody. */
export async function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The name stands in parentheses and may hold any character, a closing parenthesis too.
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const rest = text.slice(close + 2).split(' ');
  const state = rest[0]!;
  if (state === 'Z' || state === 'X') return undefined;
  return {
    pid,
    startedAt: rest[19]!,
    parent: Number(rest[1]),
    state,
    name: text.slice(open + 1, close),
  };
}

/** The numbers of all processes at this moment. */
export async function listPids(): Promise<readonly number[]> {
  const names = await readdir('/proc');
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Where one of the links of a process points, such as `exe` or `cwd`; undefined when it is gone or has none. */
export async function readProcessLink(
  pid: number,
  name: 'exe' | 'cwd' | 'root',
): Promise<string | undefined> {
  return readlink(`/proc/${pid}/${name}`).catch(() => undefined);
}

export async function isAlive({ pid, startedAt }: ProcessEntry): Promise<boolean> {
  return (await readProcess(pid))?.startedAt === startedAt;
}

/** Sends a signal to this very process, and to no later one of the same number. False when it is gone. */
export async function signalProcess(entry: ProcessEntry, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(entry))) return false;
  try {
    return process.kill(entry.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
