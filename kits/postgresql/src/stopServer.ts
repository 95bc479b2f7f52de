import { type KitCall, type ProcessEntry, signalProcess, waitUntil } from '@holdfast/kit';
import { findProcesses, findServer } from './findServer.ts';
import { isStopped, sayProcesses } from './quickCheck.ts';
import type { Settings } from './settings.ts';

export type Stopped = Readonly<{ isGone: boolean; says: string; todo: string }>;

type Request = Readonly<{
  /** `hard` does not ask for what a hung server cannot give. */
  manner: 'orderly' | 'hard';
  withinMs: number;
}>;

const todo = 'look for what the processes wait for, such as a dead disk; end them by hand before you go on';
/** Backends without a postmaster end at this by themselves, unless they hang. */
const orphansPoliteMs = 1_000;

/**
 *   orderly:  fast (INT to the postmaster)  -- half of the time -->  immediate (QUIT)  -- a quarter -->  KILL to all
 *   hard:     KILL to all
 */
export async function stopServer(call: KitCall<Settings>, { manner, withinMs }: Request): Promise<Stopped> {
  const { dataDirectory } = call.settings;
  const { postmaster } = await findServer(dataDirectory);
  if (manner === 'orderly' && postmaster !== undefined) {
    // Who is stopped by a signal hears no other one. It goes on, to end in order like the others.
    await wake(await findProcesses(dataDirectory));
    for (const [signal, word, part] of [
      ['SIGINT', 'a fast', 0.5],
      ['SIGQUIT', 'an immediate', 0.25],
    ] as const) {
      if (call.signal.aborted) break;
      await signalProcess(postmaster, signal);
      if (await isGoneWithin(call, withinMs * part)) return gone(`stopped by ${word} shutdown`);
      call.log.warn({ dataDirectory, postmaster: postmaster.pid }, `${word} shutdown did not end it`);
    }
  }
  // A stop that nobody wants any more is no reason to use force.
  if (call.signal.aborted)
    return { isGone: false, says: 'told to stop before it had ended', todo: 'remove it again' };
  return killAll(call, withinMs * 0.25);
}

/** Ends what is left without a postmaster; there may be nothing. */
export async function endAll(call: KitCall<Settings>): Promise<Stopped> {
  const { dataDirectory } = call.settings;
  const orphans = await findProcesses(dataDirectory);
  if (orphans.length === 0) return gone('');
  // QUIT makes a backend leave at once without touching what it shared with the dead ones.
  for (const orphan of orphans) await signalProcess(orphan, 'SIGQUIT');
  // Who is stopped by a signal hears it as soon as it goes on, before it does anything else.
  await wake(orphans);
  if (await isGoneWithin(call, orphansPoliteMs)) {
    return gone(`${orphans.length} processes without a postmaster ended`);
  }
  if (call.signal.aborted)
    return { isGone: false, says: 'told to stop before they had ended', todo: 'remove it again' };
  return killAll(call, Math.max(1_000, call.budgetMs / 4));
}

async function killAll(call: KitCall<Settings>, withinMs: number): Promise<Stopped> {
  const { dataDirectory } = call.settings;
  const all = await findProcesses(dataDirectory);
  const { postmaster } = await findServer(dataDirectory);
  // The postmaster first: it would start new ones for those that die.
  const ordered = [...all].sort(
    (a, b) => Number(b.pid === postmaster?.pid) - Number(a.pid === postmaster?.pid),
  );
  for (const entry of ordered) await signalProcess(entry, 'SIGKILL');
  if (await isGoneWithin(call, withinMs)) return gone(`${all.length} processes ended by KILL`);
  const rest = await findProcesses(dataDirectory);
  return { isGone: rest.length === 0, says: `not ended by KILL: ${sayProcesses(rest)}`, todo };
}

async function isGoneWithin({ settings, signal }: KitCall<Settings>, withinMs: number): Promise<boolean> {
  const none = await waitUntil(
    async () => ((await findProcesses(settings.dataDirectory)).length === 0 ? true : undefined),
    { withinMs, signal },
  );
  return none === true;
}

async function wake(entries: readonly ProcessEntry[]): Promise<void> {
  for (const entry of entries) if (isStopped(entry)) await signalProcess(entry, 'SIGCONT');
}

function gone(says: string): Stopped {
  return { isGone: true, says, todo: '' };
}
