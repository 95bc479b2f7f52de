import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { TroubleError } from '@holdfast/client';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import type { Screen } from '../program/screen.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { type FoundStatus, findStatus } from '../status/findStatus.ts';
import { sayAgent } from '../status/sayAgent.ts';
import { type Activity, afterEvent, noActivity } from './activity.ts';
import { openDisplay } from './display.ts';
import { showActivity } from './showActivity.ts';

export type Watching = Readonly<{
  isJson: boolean;
  /** The states in at most so many lines. */
  show: (found: FoundStatus, look: Pick<Screen, 'width' | 'paint'>, rows: number) => readonly string[];
}>;

/** Between two frames: quicker than this nobody reads, and a busy agent must not be made busier. */
const frameMs = 100;
/** Ages go on also when nothing happens. */
const tickMs = 1_000;

/**
 * Shows the states and what is being done, anew whenever the agent tells of something, until ^C. An agent that goes
 * away is said, and waited for. Without a terminal each frame that differs is printed below the one before.
 */
export async function watchStatus(around: Surroundings, watching: Watching): Promise<ExitCode> {
  const first = await findStatus(around, { showsChecks: false });
  if (!first.ok) return reportTrouble(around, { trouble: first.trouble, isJson: watching.isJson });
  const interrupted = around.interrupted();
  if (watching.isJson) {
    around.out.print(JSON.stringify(first.value.status));
    await followEvents(around, interrupted, (event) =>
      around.out.print(JSON.stringify({ schema: 'holdfast.event/1', ...event })),
    );
    return exitCodes.done;
  }
  let activity: Activity = noActivity;
  const news = openNews(around.paths.statusFile, interrupted);
  const following = followEvents(
    around,
    interrupted,
    (event) => {
      activity = afterEvent(activity, event);
      news.tell();
    },
    () => {
      activity = noActivity;
      news.tell();
    },
  );
  const display = openDisplay(around.out);
  try {
    while (!interrupted.aborted) {
      const found = await findStatus(around, { showsChecks: false });
      const now = around.now();
      display.draw((look, rows) => {
        if (!found.ok) return found.trouble.problems.map(({ what, todo }) => `${what}; ${todo}`);
        const doing = showActivity(activity, look, now);
        const agent = sayAgent(found.value, look);
        const room = rows - doing.length - agent.length - 2;
        const states = watching.show(found.value, look, Math.max(3, room));
        return [...agent, ...states, ...(doing.length === 0 ? [] : ['', ...doing])];
      });
      await news.next();
    }
  } finally {
    display.close();
  }
  await following;
  return exitCodes.done;
}

/** Tells each event from the first that is kept; when the agent is gone, waits until it is back, and begins anew. */
async function followEvents(
  around: Surroundings,
  signal: AbortSignal,
  tell: (event: Parameters<typeof afterEvent>[1]) => void,
  lost: () => void = () => undefined,
): Promise<void> {
  const client = around.asked.connect();
  let from: number | undefined = 0;
  while (!signal.aborted) {
    try {
      for await (const event of client.events(from, signal)) tell(event);
    } catch (error) {
      if (!(error instanceof TroubleError)) throw error;
    }
    if (signal.aborted) return;
    lost();
    from = 0;
    await pause(tickMs, signal);
  }
}

/** Rings at each event, at each new status file, and once a second; and not faster than frames are drawn. */
function openNews(statusFile: string, signal: AbortSignal): { tell: () => void; next: () => Promise<void> } {
  let ring = Promise.withResolvers<void>();
  const tell = (): void => ring.resolve();
  try {
    watch(dirname(statusFile), { signal, persistent: false }, tell).on('error', () => undefined);
  } catch {
    // Without the folder there is nothing to be told yet; once a second is often enough.
  }
  return {
    tell,
    next: async () => {
      await pause(frameMs, signal);
      const over = new AbortController();
      await Promise.race([ring.promise, pause(tickMs - frameMs, AbortSignal.any([signal, over.signal]))]);
      over.abort();
      ring = Promise.withResolvers();
    },
  };
}

function pause(spanMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, spanMs);
    signal.addEventListener('abort', end, { once: true });
  });
}
