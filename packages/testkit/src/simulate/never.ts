/** An answer that never comes. A new one each time: one that all share would remember everybody who waits for it. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}
