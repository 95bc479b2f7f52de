/**
 * Asks until there is an answer, and gives it; undefined when the time is over or the signal aborted. The pauses
 * rise from 5 to 100 ms: what is quick is seen at once, what is slow costs little.
 */
export async function waitUntil<Answer>(
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  limits: Readonly<{ withinMs: number; signal?: AbortSignal }>,
): Promise<Answer | undefined> {
  const begunAt = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    const gone = performance.now() - begunAt;
    const left = limits.withinMs - gone;
    if (left <= 0 || limits.signal?.aborted === true) return undefined;
    await pause(Math.min(left, Math.max(5, Math.min(100, gone / 8))), limits.signal);
  }
}

function pause(spanMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, spanMs);
    signal?.addEventListener('abort', end, { once: true });
  });
}
