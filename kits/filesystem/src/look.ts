import type { KitCall } from '@holdfast/kit';
import { type Device, findDevice } from './findDevice.ts';
import { type Mount, mountsBelow, readMounts } from './readMounts.ts';
import type { Settings } from './settings.ts';

/** What there is of the resource on this node. */
export type Sight = Readonly<{
  /** Words when it is not there. */
  device: Device | string;
  /** Seen at the mount point: the last one mounted there. */
  top: Mount | undefined;
  /** `top` is a mount of the device. */
  isOurs: boolean;
  /** The device, mounted at this place but covered by another mount, or at other places. */
  elsewhere: readonly Mount[];
  /** Mounts further down, which are somebody else's. */
  below: readonly Mount[];
}>;

export async function look(call: Pick<KitCall<Settings>, 'settings' | 'run' | 'signal'>): Promise<Sight> {
  const { mountPoint } = call.settings;
  const mounts = await readMounts();
  const top = mounts.findLast((mount) => mount.mountPoint === mountPoint);
  const device = await findDevice(call);
  return {
    device,
    top,
    isOurs: top !== undefined && isOf(top, device, call.settings),
    elsewhere:
      typeof device === 'string'
        ? []
        : mounts.filter((mount) => mount !== top && mount.device === device.number),
    below: mountsBelow(mounts, mountPoint),
  };
}

function isOf(mount: Mount, device: Device | string, settings: Settings): boolean {
  // The device vanished under its mount: the mount still names it.
  if (typeof device === 'string') return mount.source === settings.device || !settings.device.startsWith('/');
  // btrfs gives each part of it a number of its own, so there only the name tells.
  return mount.device === device.number || (mount.device.startsWith('0:') && mount.source === device.path);
}

export function sayMount({ source, mountPoint }: Mount): string {
  return `${source} on ${mountPoint}`;
}
