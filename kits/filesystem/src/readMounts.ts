import { readFile } from 'node:fs/promises';

/** One line of mountinfo: what this process's mount namespace has mounted. */
export type Mount = Readonly<{
  /** The kernel's number of the device, such as `7:0`. */
  device: string;
  /** Which part of the file system is seen there; `/` for all of it. */
  root: string;
  mountPoint: string;
  /** Of this mount, or of the whole file system: the kernel sets the latter after an error of the disk. */
  isReadOnly: boolean;
  fsType: string;
  source: string;
}>;

/**
 * Reads /proc/self/mountinfo: the kernel's own answer, which never waits for a disk. /etc/mtab may be a file that
 * nobody keeps. Later mounts come later, so the last one at a place is the one that is seen.
 */
export async function readMounts(): Promise<readonly Mount[]> {
  const text = await readFile('/proc/self/mountinfo', 'utf8');
  return text.trim().split('\n').map(readMount);
}

export function readMount(line: string): Mount {
  const [before, after] = line.split(' - ') as [string, string];
  const [, , device, root, mountPoint, options] = before.split(' ') as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const [fsType, source, superOptions] = after.split(' ') as [string, string, string];
  const isReadOnly = [options, superOptions].some((list) => list.split(',').includes('ro'));
  return {
    device,
    root: decode(root),
    mountPoint: decode(mountPoint),
    isReadOnly,
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

/** What is mounted further down in the tree. */
export function mountsBelow(mounts: readonly Mount[], mountPoint: string): readonly Mount[] {
  return mounts.filter((mount) => mount.mountPoint.startsWith(`${mountPoint}/`));
}
