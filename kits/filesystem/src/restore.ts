import { mkdir, stat } from 'node:fs/promises';
import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { checkAndRepair } from './checkAndRepair.ts';
import { look, sayMount } from './look.ts';
import { type Settings, wantsReadOnly } from './settings.ts';

/** Repairs what can be repaired without a person, and mounts. */
export async function restore(call: KitCall<Settings>): Promise<Outcome> {
  const { settings, signal } = call;
  const { mountPoint } = settings;
  const { device, top, isOurs, elsewhere, below } = await look(call);
  if (top !== undefined && !isOurs) {
    return failed(
      `${sayMount(top)} is mounted there, which is not ${settings.device}`,
      `find out whose it is; when nobody needs it: umount ${mountPoint}`,
    );
  }
  if (top?.isReadOnly === true && !wantsReadOnly(settings)) {
    return failed(
      `${sayMount(top)} is mounted read-only`,
      'remove the resource and restore it: that repairs the file system before it is mounted again',
    );
  }
  if (top !== undefined) return done(`${sayMount(top)} is mounted already`);
  if (typeof device === 'string')
    return failed(device, 'attach the disk, or correct the device in the settings');
  if (below.length > 0) {
    return failed(
      `${below.map(sayMount).join(', ')} would be hidden by it`,
      `unmount what is below ${mountPoint} first`,
    );
  }
  if (elsewhere.length > 0) {
    return failed(
      `${elsewhere.map(sayMount).join(', ')} is mounted already`,
      `unmount it there first: umount ${elsewhere[0]!.mountPoint}`,
    );
  }

  const repaired = await checkAndRepair(call, device);
  if (typeof repaired !== 'string') return repaired;
  const noPlace = await makeMountPoint(settings);
  if (noPlace !== undefined) return noPlace;
  if (signal.aborted) return failed('told to stop before it was mounted', 'restore again');

  const mounted = await call.run(
    ['mount', '-t', settings.fsType, '-o', settings.options, '--', device.path, mountPoint],
    { budgetMs: call.budgetMs, signal },
  );
  if (!mounted.ok) {
    const words = (mounted.stderr.trim() || mounted.says).replaceAll(/\s*\n\s*/g, ' ');
    return failed(words, `see the kernel's own words with dmesg; then try it by hand`);
  }
  const after = await look(call);
  if (!after.isOurs) return failed('mount succeeded, and it is not mounted', 'see who unmounts it');
  if (after.top?.isReadOnly === true && !wantsReadOnly(settings)) {
    return failed(`${mountPoint} was mounted read-only, for an error or a lock of the device`, 'see dmesg');
  }
  return done(`${device.path} mounted on ${mountPoint}; ${repaired}`);
}

async function makeMountPoint({ mountPoint, createMountPoint }: Settings): Promise<Outcome | undefined> {
  const there = await stat(mountPoint).catch(() => undefined);
  if (there?.isDirectory() === true) return undefined;
  if (there !== undefined) return failed(`${mountPoint} is not a folder`, 'correct the mount point');
  if (!createMountPoint) return failed(`there is no ${mountPoint}`, `make it: mkdir -p ${mountPoint}`);
  try {
    await mkdir(mountPoint, { recursive: true });
    return undefined;
  } catch (error) {
    return failed((error as Error).message, `make it by hand: mkdir -p ${mountPoint}`);
  }
}
