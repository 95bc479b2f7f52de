import { type KitCall, signalProcess, waitUntil } from '@holdfast/kit';
import { findHolders, type Holder } from './findHolders.ts';
import type { Mount } from './readMounts.ts';
import type { Settings } from './settings.ts';

/** Politely at first: so long of the budget goes to those who clean up when they are told to end. */
const politePart = 1 / 3;
const politeMaxMs = 10_000;
/** Left of the budget for the last look. */
const keptMs = 500;

/**
 * Ends those who hold the mount, until `unmount` succeeds or the time is over: TERM, then KILL. Looks for them anew
 * each time, as one may start another. Answers who they were.
 */
export async function endHolders(
  { budgetMs, signal, log }: KitCall<Settings>,
  mount: Mount,
  unmount: () => Promise<boolean>,
): Promise<string> {
  const begunAt = performance.now();
  const politeUntil = begunAt + Math.min(budgetMs * politePart, politeMaxMs);
  const ended = new Map<string, Holder>();
  const told = new Set<string>();
  await waitUntil(
    async () => {
      const word = performance.now() < politeUntil ? 'SIGTERM' : 'SIGKILL';
      for (const holder of await findHolders(mount)) {
        const { process: entry } = holder;
        const key = `${entry.pid} ${entry.startedAt}`;
        ended.set(key, holder);
        // Each is told once in each way; a word that is not heard is not heard better twice.
        if (told.has(`${word} ${key}`)) continue;
        told.add(`${word} ${key}`);
        log.warn(
          { pid: entry.pid, name: entry.name, by: holder.by, signal: word },
          'ends a holder of the mount',
        );
        await signalProcess(entry, word);
      }
      return (await unmount()) || undefined;
    },
    { withinMs: budgetMs - keptMs, signal },
  );
  if (ended.size === 0) return 'no process that holds it was found';
  const names = [...ended.values()].map(({ process: entry, by }) => `${entry.pid} (${entry.name}, by ${by})`);
  return `it was held by ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', and others' : ''}`;
}
