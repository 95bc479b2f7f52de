import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { forgetHiding } from './hide.ts';
import { look } from './look.ts';
import { sayMount } from './readMounts.ts';
import { release } from './release.ts';
import type { Settings } from './settings.ts';
import { refusal, targetsOf } from './targetsOf.ts';

/** Unmounts it wherever it is mounted, after those who hold it have ended. */
export async function remove(call: KitCall<Settings>): Promise<Outcome> {
  const { settings } = call;
  const sight = await look(call);
  const targets = targetsOf(sight);
  const stranger =
    sight.top === undefined || sight.isOurs
      ? ''
      : `${sayMount(sight.top)} is mounted there, which is not ${settings.device}; left alone`;
  const refused = refusal(targets, sight);
  if (refused !== undefined) {
    return failed(refused, 'correct the device or the mount point in the settings, or unmount it by hand');
  }
  if (!settings.unmountOthers && targets.others.length > 0) {
    const others = targets.others.map(sayMount).join(', ');
    return failed(
      `also mounted, and not unmounted as unmountOthers is false: ${others}`,
      `unmount it first: umount ${targets.others[0]!.mountPoint}`,
    );
  }
  const released = await release(call, sight);
  if (!released.isOut) {
    return failed(
      released.says,
      `it is still mounted here: end who holds it, or take this node down; never umount -l: what is open would go on writing`,
    );
  }
  await forgetHiding(sight.place);
  const unmounted = targets.all.map(({ mountPoint }) => mountPoint).join(', ');
  if (unmounted !== '') return done(`${unmounted} unmounted; ${released.says}`);
  return done(stranger === '' ? `nothing is mounted on ${sight.place}` : stranger);
}
