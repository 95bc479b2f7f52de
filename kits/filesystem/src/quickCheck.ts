import { type CheckResult, found, type KitCall } from '@holdfast/kit';
import { askFileSystem } from './askFileSystem.ts';
import { look, sayMount } from './look.ts';
import { type Settings, wantsReadOnly } from './settings.ts';

/** Starts no program. Reads what the kernel has mounted, and asks the file system for an answer of its own. */
export async function quickCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const begunAt = performance.now();
  const { settings, budgetMs } = call;
  const { device, top, isOurs, elsewhere } = await look(call);
  if (top === undefined) {
    if (elsewhere.length === 0)
      return found('out-of-service', `nothing is mounted on ${settings.mountPoint}`);
    return found('failed', `${elsewhere.map(sayMount).join(', ')} is mounted, which is not where it belongs`);
  }
  if (!isOurs) {
    const says = `${sayMount(top)} is mounted there, which is not ${settings.device}`;
    if (elsewhere.length > 0) return found('failed', says);
    // Nothing of the resource is there; that its place is taken is worth knowing before somebody needs it.
    return found('out-of-service', says, [{ code: 'place-taken', says }]);
  }
  if (typeof device === 'string') return found('failed', `${sayMount(top)}: its device is gone: ${device}`);
  if (top.isReadOnly && !wantsReadOnly(settings)) {
    return found(
      'failed',
      `${sayMount(top)} is read-only; the kernel makes it so after an error of the disk`,
    );
  }
  // A tenth is kept for the answer itself.
  const withinMs = budgetMs * 0.9 - (performance.now() - begunAt);
  const answer = await askFileSystem(settings.mountPoint, { withinMs, signal: call.signal });
  return found(answer.finding, `${sayMount(top)}: ${answer.says}`);
}
