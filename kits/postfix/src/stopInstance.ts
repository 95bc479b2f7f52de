import { type KitCall, type ProcessEntry, signalProcess, waitUntil } from '@holdfast/kit';
import { findInstance, isStopped, sayProcesses } from './findInstance.ts';
import type { Settings } from './settings.ts';

export type Stopped = Readonly<{ isGone: boolean; says: string; todo: string }>;

type Request = Readonly<{
  /** `hard` does not ask for what a hung server cannot give. */
  manner: 'orderly' | 'hard';
  withinMs: number;
}>;

const todo = 'look for what the processes wait for, such as a dead disk; end them by hand before you go on';
/** Children without a master end by themselves, unless they hang. */
const orphansPoliteMs = 2_000;

/**
 *   orderly:  CONT to who is stopped, TERM to the master   -- half of the time -->  KILL to all
 *   hard:     KILL to all
 *
 * TERM to the master is all that `postfix stop` does, and it passes it on to its children. The script itself is not
 * called: it refuses as soon as the address of the instance is gone, waits in steps of a second, and never comes to
 * the KILL that is written in it.
 */
export async function stopInstance(call: KitCall<Settings>, { manner, withinMs }: Request): Promise<Stopped> {
  const { master, all } = await findInstance(call.settings);
  if (all.length === 0) return gone('');
  if (manner === 'orderly') {
    for (const entry of all) if (isStopped(entry)) await signalProcess(entry, 'SIGCONT');
    // One that does not hold the lock yet, or any more, is told as well; the script that starts one, too.
    const masters = all.filter((entry) => entry.pid === master?.pid || !isChild(entry, all));
    for (const entry of masters) await signalProcess(entry, 'SIGTERM');
    const politeMs = master === undefined ? Math.min(orphansPoliteMs, withinMs / 2) : withinMs / 2;
    if (await isGoneWithin(call, politeMs)) return gone('stopped in order');
    call.log.warn({ configDirectory: call.settings.configDirectory }, 'TERM did not end it');
  }
  // A stop that nobody wants any more is no reason to use force.
  if (call.signal.aborted) {
    return { isGone: false, says: 'told to stop before it had ended', todo: 'remove it again' };
  }
  return killAll(call, Math.max(1_000, withinMs / 4));
}

async function killAll(call: KitCall<Settings>, withinMs: number): Promise<Stopped> {
  const { all, master } = await findInstance(call.settings);
  // The master first: it would start new ones for those that die.
  const ordered = [...all].sort((a, b) => Number(b.pid === master?.pid) - Number(a.pid === master?.pid));
  for (const entry of ordered) await signalProcess(entry, 'SIGKILL');
  if (await isGoneWithin(call, withinMs)) return gone(`${all.length} processes ended by KILL`);
  const rest = (await findInstance(call.settings)).all;
  return { isGone: rest.length === 0, says: `not ended by KILL: ${sayProcesses(rest)}`, todo };
}

async function isGoneWithin({ settings, signal }: KitCall<Settings>, withinMs: number): Promise<boolean> {
  const none = await waitUntil(
    async () => ((await findInstance(settings)).all.length === 0 ? true : undefined),
    { withinMs, signal },
  );
  return none === true;
}

function isChild({ parent }: ProcessEntry, all: readonly ProcessEntry[]): boolean {
  return all.some(({ pid }) => pid === parent);
}

function gone(says: string): Stopped {
  return { isGone: true, says, todo: '' };
}
