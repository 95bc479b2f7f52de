/**
 * Waits until the condition holds, within a bound, and says whether it did. For what the kernel does on its own time
 * and tells nobody about, such as releasing a loop device after its last user has ended.
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 5,
): Promise<boolean> {
  const end = performance.now() + withinMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
