import { readFile } from 'node:fs/promises';

/** One line of mountinfo: what a mount namespace has mounted. */
export type Mount = Readonly<{
  id: number;
  /** The mount on which this one stands. */
  parent: number;
  /** The kernel's number of the device, such as `7:0`. */
  device: string;
  /** Which part of the file system is seen there; `/` for all of it. */
  root: string;
  mountPoint: string;
  /** Of this mount, or of the whole file system: the kernel sets the latter after an error of the disk. */
  isReadOnly: boolean;
  /** The kernel has given the file system up, in its own word: `shutdown`, or `emergency_ro`, which still reads. */
  givenUp: string | undefined;
  fsType: string;
  source: string;
}>;

/**
 * Reads the kernel's own table, which never waits for a disk; /etc/mtab may be a file that nobody keeps. Later mounts
 * come later, so the last one at a place is the one that is seen. A process that is gone sees nothing.
 */
export async function readMounts(pid: number | 'self' = 'self'): Promise<readonly Mount[]> {
  const text = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (pid === 'self') throw error;
    return '';
  });
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(readMount);
}

export function readMount(line: string): Mount {
  const [before, after] = line.split(' - ') as [string, string];
  const [id, parent, device, root, mountPoint, options] = before.split(' ') as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const [fsType, source, superOptions] = after.split(' ') as [string, string, string];
  const all = [...options.split(','), ...superOptions.split(',')];
  return {
    id: Number(id),
    parent: Number(parent),
    device,
    root: decode(root),
    mountPoint: decode(mountPoint),
    isReadOnly: all.includes('ro'),
    givenUp: all.find((option) => option === 'shutdown' || option === 'emergency_ro'),
    fsType,
    source: decode(source),
  };
}

/** The kernel writes space, tab, newline and backslash as octal numbers. */
function decode(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}

/** The mount through which a path is reached: the deepest, and of several at one place the last. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  return mounts.reduce<Mount | undefined>(
    (best, mount) =>
      isWithin(path, mount.mountPoint) && mount.mountPoint.length >= (best?.mountPoint.length ?? 0)
        ? mount
        : best,
    undefined,
  );
}

/** These mounts with all that stands on them, those that must go first at the front. */
export function withAllAbove(first: readonly Mount[], mounts: readonly Mount[]): readonly Mount[] {
  const ids = new Set(first.map(({ id }) => id));
  // A mount stands behind the one on which it stands, unless it was moved: so until nothing is added.
  for (let before = -1; before !== ids.size; ) {
    before = ids.size;
    for (const { id, parent } of mounts) if (ids.has(parent)) ids.add(id);
  }
  return mounts
    .filter(({ id }) => ids.has(id))
    .toSorted((one, other) => depth(other, mounts) - depth(one, mounts));
}

function depth(mount: Mount, mounts: readonly Mount[]): number {
  let count = 0;
  for (let at: Mount | undefined = mount; at !== undefined && count < mounts.length; count += 1) {
    const { id, parent }: Mount = at;
    at = id === parent ? undefined : mounts.find((other) => other.id === parent);
  }
  return count;
}

export function sayMount({ source, mountPoint }: Mount): string {
  return `${source} on ${mountPoint}`;
}
