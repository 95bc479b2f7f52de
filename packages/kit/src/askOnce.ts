const open = new Map<string, Promise<unknown>>();

/**
 * Waits for an answer that may never come, such as one from a dead disk: undefined when it did not come in time. The
 * thread that asked cannot be ended. So while a question is open, those who ask the same wait for that one answer, and
 * a dead disk costs one thread instead of one for each check.
 */
export async function askOnce<Answer>(
  question: string,
  ask: () => Promise<Answer>,
  { withinMs, signal }: Readonly<{ withinMs: number; signal: AbortSignal }>,
): Promise<Answer | undefined> {
  let asked = open.get(question) as Promise<Answer> | undefined;
  if (asked === undefined) {
    asked = ask();
    open.set(question, asked);
    const close = (): boolean => open.delete(question);
    asked.then(close, close);
  }
  let end = (): void => undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    const stop = (): void => resolve(undefined);
    const timer = setTimeout(stop, Math.max(0, withinMs));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
  });
  return Promise.race([asked, tooLate]).finally(end);
}
