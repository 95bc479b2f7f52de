import { type CheckResult, found, type KitCall } from '@holdfast/kit';
import { askFileSystem } from './askFileSystem.ts';
import { countErrors } from './countErrors.ts';
import { judgeFullness } from './fullness.ts';
import { look } from './look.ts';
import { sayMount } from './readMounts.ts';
import { type Settings, wantsReadOnly } from './settings.ts';

/** Starts no program, unless a label is looked for where there is no udev. Reads what the kernel has mounted, and asks the file system for an answer of its own. */
export async function quickCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const begunAt = performance.now();
  const { settings, budgetMs, memory } = call;
  const { source, place, top, isOurs, elsewhere } = await look(call);
  if (top === undefined) {
    if (elsewhere.length === 0) return found('out-of-service', `nothing is mounted on ${place}`);
    return found('failed', `${elsewhere.map(sayMount).join(', ')} is mounted, which is not where it belongs`);
  }
  const name = sayMount(top);
  if (!isOurs) {
    const says = `${name} is mounted there, which is not ${settings.device}`;
    if (elsewhere.length > 0) return found('failed', says);
    // Nothing of the resource is there; that its place is taken is worth knowing before somebody needs it.
    return found('out-of-service', says, [{ code: 'place-taken', says }]);
  }
  if (typeof source === 'string') return found('failed', `${name}: what it is of is gone: ${source}`);
  if (top.givenUp !== undefined) {
    return found('failed', `${name}: the kernel gave it up after an error, and shows it as ${top.givenUp}`);
  }
  if (top.isReadOnly && !wantsReadOnly(settings)) {
    return found('failed', `${name} is read-only; the kernel makes it so after an error of the disk`);
  }
  // A tenth is kept for the answer itself.
  const withinMs = budgetMs * 0.9 - (performance.now() - begunAt);
  const answer = await askFileSystem(place, { withinMs, signal: call.signal });
  const conditions =
    answer.fullness === undefined ? [] : judgeFullness(answer.fullness, settings.fullWarnPercent, memory);
  return found(answer.finding, `${name}: ${answer.says}`, [...conditions, ...(await countErrors(top))]);
}
