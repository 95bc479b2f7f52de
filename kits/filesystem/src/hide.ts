import { mkdir, rmdir } from 'node:fs/promises';
import type { KitCall } from '@holdfast/kit';
import { hiddenFolder, hiddenPlace } from './hiddenPlace.ts';
import type { Sight } from './look.ts';
import { readMounts } from './readMounts.ts';
import type { Settings } from './settings.ts';

type Call = Pick<KitCall<Settings>, 'run' | 'signal' | 'log'>;
const moveBudgetMs = 2_000;

/**
 * Moves the mount to a place that nobody knows, so that those who are started anew do not find it. The kernel
 * refuses that below a shared mount; then it stays where it is, and is fought over to the end of the budget.
 */
export async function hide({ run, signal, log }: Call, { top, isOurs, place }: Sight): Promise<void> {
  if (top === undefined || !isOurs) return;
  const hidden = hiddenPlace(place);
  await mkdir(hidden, { recursive: true, mode: 0o700 });
  const moved = await run(['mount', '--move', '--', place, hidden], { budgetMs: moveBudgetMs, signal });
  log.warn({ place, hidden, moved: moved.says }, 'moves the mount away from those who enter it anew');
}

/** Puts it back where a person looks for it, when it could not be unmounted after all. */
export async function show({ run, log }: Call, place: string): Promise<void> {
  const hidden = hiddenPlace(place);
  if (!(await readMounts()).some(({ mountPoint }) => mountPoint === hidden)) return;
  const moved = await run(['mount', '--move', '--', hidden, place], { budgetMs: moveBudgetMs });
  log.warn({ place, moved: moved.says }, 'moves the mount back');
}

/** Leaves no empty folders; those of other resources stay. */
export async function forgetHiding(place: string): Promise<void> {
  for (const folder of [hiddenPlace(place), hiddenFolder]) await rmdir(folder).catch(() => undefined);
}
