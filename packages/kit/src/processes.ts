import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/*
 * The kernel answers from memory: no disk is behind what is read here, and a process that hangs does not hold it up
 * (its words, in `cmdline`, can). So it is read at once, at a tenth of the time that a thread of the pool would take.
 */

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
  const text = unlessGone(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
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
  const names = readdirSync('/proc');
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** So many at a time: on a host with thousands of them, others get their turn in between. */
const batchSize = 250;

/** Looks at every process of this moment, and answers what was found. For who knows what to look for, and not where. */
export async function lookThroughProcesses<Found>(
  look: (pid: number) => Promise<Found | undefined>,
): Promise<readonly Found[]> {
  const pids = await listPids();
  const found: Found[] = [];
  for (let at = 0; at < pids.length; at += batchSize) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    for (const one of await Promise.all(pids.slice(at, at + batchSize).map(look)))
      if (one !== undefined) found.push(one);
  }
  return found;
}

/** Where one of the links of a process points, such as `exe` or `cwd`; undefined when it is gone or has none. */
export async function readProcessLink(
  pid: number,
  name: 'exe' | 'cwd' | 'root',
): Promise<string | undefined> {
  return unlessGone(() => readlinkSync(`/proc/${pid}/${name}`));
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

function unlessGone(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
