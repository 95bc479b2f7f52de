import { statfs } from 'node:fs/promises';
import type { Finding } from '@holdfast/kit';

type Answer = Readonly<{ finding: Finding; says: string }>;
type Limits = Readonly<{ withinMs: number; signal: AbortSignal }>;

/** Questions that were put and not answered yet: at most one for each place. */
const waiting = new Map<string, Promise<unknown>>();

/**
 * Asks the file system how it is. A dead disk never answers, and the thread that asked cannot be ended: so a second
 * question is not put while the first is open, and a dead disk costs one thread instead of one for each check.
 */
export async function askFileSystem(
  mountPoint: string,
  { withinMs, signal }: Limits,
  ask: (path: string) => Promise<unknown> = statfs,
): Promise<Answer> {
  if (waiting.has(mountPoint)) {
    return { finding: 'timeout', says: 'it still owes the answer to an earlier check' };
  }
  const question = ask(mountPoint);
  const over = question.then(
    (): Answer => ({ finding: 'in-service', says: 'mounted, and it answers' }),
    (error: Error): Answer => ({ finding: 'failed', says: error.message }),
  );
  waiting.set(mountPoint, over);
  void over.then(() => waiting.delete(mountPoint));
  let end = (): void => undefined;
  const tooLate = new Promise<Answer>((resolve) => {
    const says = `it did not answer within ${Math.round(withinMs)} ms`;
    const timer = setTimeout(() => resolve({ finding: 'timeout', says }), Math.max(0, withinMs));
    const stop = (): void => resolve({ finding: 'timeout', says: 'told to stop before it answered' });
    signal.addEventListener('abort', stop, { once: true });
    end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
  });
  return Promise.race([over, tooLate]).finally(end);
}
