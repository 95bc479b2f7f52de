import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { closeKept } from './askAgain.ts';
import { findServer } from './findServer.ts';
import { dismissLauncher } from './readyLauncher.ts';
import type { Settings } from './settings.ts';
import { clearStamp } from './stampHost.ts';
import { endAll, stopServer } from './stopServer.ts';

/** Kept for the last look. */
const keptMs = 500;

/** Stops the server in order, and harder as the budget runs out. Done only when no process of it is left. */
export async function remove(call: KitCall<Settings>): Promise<Outcome> {
  const { dataDirectory } = call.settings;
  closeKept(call.memory);
  dismissLauncher(call.memory);
  const { postmaster } = await findServer(dataDirectory);
  const stopped =
    postmaster === undefined
      ? await endAll(call)
      : await stopServer(call, { manner: 'orderly', withinMs: call.budgetMs - keptMs });
  if (!stopped.isGone) return failed(stopped.says, stopped.todo);
  await clearStamp(call);
  return done(stopped.says === '' ? `no server runs in ${dataDirectory}` : stopped.says);
}
