import { readFileSync } from 'node:fs';
import { killGroup } from './killGroup.ts';

/*
 * The programs that a thread has under way, in memory that another thread sees too. A thread that hangs or is ended
 * can say nothing any more; what it started is known all the same, and is ended by those who ended the thread.
 */

/** Programs that one thread may have under way at a time; one that forks without end stops here. */
const slots = 256;
const widthBytes = 8;
const reserved = -1;

/** By a symbol that is the same in each copy of this package: a kit may bring its own. */
const key = Symbol.for('@holdfast/kit: the account of this thread');

export type AccountEntry = Readonly<{ set: (pid: number | undefined) => void; free: () => void }>;
type Account = Readonly<{ reserve: () => AccountEntry | 'full' }>;

export function newAccount(): SharedArrayBuffer {
  return new SharedArrayBuffer(slots * widthBytes);
}

/** From now on this thread enters there what it starts. */
export function keepAccount(memory: SharedArrayBuffer): void {
  const table = new Int32Array(memory);
  const reserve = (): AccountEntry | 'full' => {
    for (let at = 0; at < table.length; at += 2) {
      if (Atomics.compareExchange(table, at, 0, reserved) !== 0) continue;
      return {
        set: (pid) => {
          Atomics.store(table, at + 1, pid === undefined ? 0 : startOf(pid));
          Atomics.store(table, at, pid ?? 0);
        },
        free: () => Atomics.store(table, at, 0),
      };
    }
    return 'full';
  };
  Object.assign(globalThis, { [key]: { reserve } satisfies Account });
}

/** The account of this thread, if it keeps one. */
export function accountHere(): Account | undefined {
  return (globalThis as { [key]?: Account })[key];
}

/** Kills every group in the account; answers who led them. For whoever ended the thread that kept it. */
export function killAccount(memory: SharedArrayBuffer): readonly number[] {
  const table = new Int32Array(memory);
  const killed: number[] = [];
  for (let at = 0; at < table.length; at += 2) {
    const pid = Atomics.exchange(table, at, 0);
    if (pid <= 0) continue;
    // A number whose process is gone still stands for the rest of its group; a later process has another start.
    const startedAt = startOf(pid);
    if (startedAt !== 0 && startedAt !== Atomics.load(table, at + 1)) continue;
    killGroup(pid, 'SIGKILL');
    killed.push(pid);
  }
  return killed;
}

/** Clock ticks from the boot to the start of the process, as far as they fit; 0 when there is no such process. */
function startOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(BigInt.asIntN(32, BigInt(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]!))) || 1;
  } catch {
    return 0;
  }
}
