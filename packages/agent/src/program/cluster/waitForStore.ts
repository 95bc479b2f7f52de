import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterStore } from '@holdfast/store';
import type { Log } from '../../index.ts';

const againMs = 1_000;
const tellEvery = 30;

/** Undefined when the store answers, else why it does not. */
export async function askStore(store: ClusterStore): Promise<string | undefined> {
  try {
    // A prefix below which nothing is: what matters is that a quorum says so.
    await store.read('is-anybody-there/');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Comes back when the store answers. An agent that ended instead would be started again and again until its service
 * manager has enough of it, and nobody could ask it meanwhile.
 */
export async function waitForStore(
  store: ClusterStore,
  log: Log,
  tellWaits: () => Promise<void>,
): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const why = await askStore(store);
    if (why === undefined) return;
    if (tries % tellEvery === 0) void tellWaits();
    if (tries === 0)
      log.error({ event: 'store-awaited', error: why }, `the store does not answer; waiting for it: ${why}`);
    await pause(againMs);
  }
}
