import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { endHolders } from './endHolders.ts';
import { look, sayMount } from './look.ts';
import type { Settings } from './settings.ts';

/**
 * Unmounts, after those who hold it have ended. Never lazily: a lazy unmount only hides it from this node, while
 * open files go on writing to a disk that another node mounts.
 */
export async function remove(call: KitCall<Settings>): Promise<Outcome> {
  const { settings, signal, budgetMs } = call;
  const { mountPoint } = settings;
  const sight = await look(call);
  if (sight.elsewhere.length > 0) {
    return failed(
      `${sight.elsewhere.map(sayMount).join(', ')} holds the device as well`,
      `unmount it there first: umount ${sight.elsewhere[0]!.mountPoint}`,
    );
  }
  if (sight.top === undefined) return done(`nothing is mounted on ${mountPoint}`);
  if (!sight.isOurs) {
    return done(`${sayMount(sight.top)} is mounted there, which is not ${settings.device}; left alone`);
  }
  if (sight.below.length > 0) {
    return failed(
      `${sight.below.map(sayMount).join(', ')} is mounted below it`,
      `remove what mounted it, or unmount it: umount ${sight.below.at(-1)!.mountPoint}`,
    );
  }
  const unmount = () => call.run(['umount', '--', mountPoint], { budgetMs, signal });
  let unmounted = await unmount();
  let holders = 'nobody held it';
  if (!unmounted.ok && unmounted.stderr.includes('busy')) {
    const ended = await endHolders(call, sight.top, async () => {
      unmounted = await unmount();
      return unmounted.ok;
    });
    holders = ended;
  }
  const after = await look(call);
  if (after.top === undefined || !after.isOurs) return done(`${mountPoint} unmounted; ${holders}`);
  return failed(
    `${unmounted.says}; ${holders}`,
    `find who holds it: fuser -vMm ${mountPoint}; also look for loop devices, swap and exports on it`,
  );
}
