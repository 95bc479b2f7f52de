import { join } from 'node:path';
import type { KitCall } from '@holdfast/kit';
import { findSource, type Source } from './findSource.ts';
import { hiddenPlace } from './hiddenPlace.ts';
import { type Kind, kindOf } from './kindOf.ts';
import { isWithin, type Mount, mountOf, readMounts } from './readMounts.ts';
import { plainPath, resolvePlace } from './resolvePlace.ts';
import type { Settings } from './settings.ts';

/** What there is of the resource on this node. */
export type Sight = Readonly<{
  kind: Kind;
  /** The mount point as the kernel writes it. */
  place: string;
  /** Words when it is not there. */
  source: Source | string;
  /** Seen at the mount point: the last one mounted there. */
  top: Mount | undefined;
  /** `top` is a mount of the source. */
  isOurs: boolean;
  /** The source, mounted at this place but covered by another mount, or at other places. */
  elsewhere: readonly Mount[];
  /** Mounts further down, which are somebody else's. */
  below: readonly Mount[];
  /** All that this node has mounted. */
  mounts: readonly Mount[];
}>;

type Call = Pick<KitCall<Settings>, 'settings' | 'run' | 'signal'>;

export async function look(call: Call): Promise<Sight> {
  const { settings, signal } = call;
  const kind = kindOf(settings.fsType);
  const place = await resolvePlace(settings.mountPoint, signal);
  const source = await findSource(call);
  const mounts = await readMounts();
  const top = mounts.findLast(({ mountPoint }) => mountPoint === place);
  const isOurs = top !== undefined && (await isOf(top, source, call));
  return {
    kind,
    place,
    source,
    top,
    isOurs,
    elsewhere: mounts.filter(
      (mount) => mount !== top && isAlso(mount, { kind, source, top: isOurs ? top : undefined, place }),
    ),
    below: mounts.filter(({ mountPoint }) => mountPoint !== place && isWithin(mountPoint, place)),
    mounts,
  };
}

/** A mount of the same thing, besides the one at its place. */
function isAlso(
  mount: Mount,
  own: Readonly<{ kind: Kind; source: Source | string; top: Mount | undefined; place: string }>,
): boolean {
  if (mount.mountPoint === hiddenPlace(own.place)) return true;
  switch (own.kind) {
    case 'block': {
      const number = typeof own.source === 'string' ? own.top?.device : own.source.number;
      return mount.device === number;
    }
    case 'memory':
      return mount.device === own.top?.device;
    case 'folder':
      // The other mounts of that file system are not the resource's, nor is the folder itself.
      return mount.mountPoint === own.place && typeof own.source !== 'string' && isFolder(mount, own.source);
    case 'network':
      // Two mounts of one server may share a number in the kernel, and have nothing to do with one another.
      return false;
  }
}

async function isOf(mount: Mount, source: Source | string, call: Call): Promise<boolean> {
  const { settings } = call;
  switch (kindOf(settings.fsType)) {
    case 'block':
      return typeof source === 'string'
        ? isOfVanished(mount, call)
        : // btrfs gives each part of it a number of its own, so there only the name tells.
          mount.device === source.number || (mount.device.startsWith('0:') && mount.source === source.path);
    case 'folder':
      return typeof source === 'string' ? isOfVanishedFolder(mount, settings) : isFolder(mount, source);
    case 'memory':
      return mount.fsType === settings.fsType && mount.source === settings.device;
    case 'network':
      return mount.fsType.startsWith('nfs') && plainPath(mount.source) === plainPath(settings.device);
  }
}

function isFolder(mount: Mount, { number, root }: Source): boolean {
  return mount.device === number && mount.root === root;
}

/**
 * The device vanished under its mount, or cannot be read any more. A path is still named by the mount; a label was
 * in the device: what is mounted is a stranger only when it is seen to have another.
 */
async function isOfVanished(mount: Mount, { settings, run, signal }: Call): Promise<boolean> {
  const { device, fsType } = settings;
  if (device.startsWith('/')) return mount.source === device;
  if (mount.fsType !== fsType || !mount.source.startsWith('/dev/')) return false;
  const tag = device.slice(0, device.indexOf('='));
  const named = await run(['blkid', '-c', '/dev/null', '-o', 'value', '-s', tag, mount.source], {
    budgetMs: 2_000,
    signal,
  });
  return !named.ok || named.stdout.trim() === '';
}

/** The folder was deleted or cannot be reached: the mount still shows it. */
async function isOfVanishedFolder(mount: Mount, settings: Settings): Promise<boolean> {
  const written = plainPath(settings.device);
  const under = mountOf(written, await readMounts());
  if (under === undefined) return false;
  const root = join(under.root, written.slice(under.mountPoint.length));
  return mount.root.replace(/\/\/deleted$/, '') === root;
}
