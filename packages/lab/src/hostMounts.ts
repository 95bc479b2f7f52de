/** A mount of the machine, as its mountinfo tells it. */
export type HostMount = Readonly<{ mountPoint: string; fsType: string }>;

/** Kernel interfaces and memory: a lab host gets its own, or none. */
const ownOrNone = new Set([
  ...['autofs', 'binfmt_misc', 'bpf', 'cgroup', 'cgroup2', 'configfs', 'debugfs', 'devpts', 'devtmpfs'],
  ...['efivarfs', 'fusectl', 'hugetlbfs', 'mqueue', 'nsfs', 'proc', 'pstore', 'ramfs', 'rpc_pipefs'],
  ...['securityfs', 'selinuxfs', 'sysfs', 'tmpfs', 'tracefs'],
]);

/** What a lab host mounts freshly: nothing of the machine is seen below these. */
const mountedFreshly = ['/dev', '/proc', '/run', '/sys', '/tmp'];

export function readMountInfo(text: string): HostMount[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const fields = line.split(' ');
      return { mountPoint: decode(fields[4]!), fsType: fields[fields.indexOf('-', 6) + 1]! };
    });
}

/**
 * The file systems, besides the root, that a lab host has to mount again to look like the machine: an overlay shows
 * only the one file system that it was made of. In the machine's own order, so that a mount comes after its parent.
 */
export function mountsToRepeat(mounts: readonly HostMount[]): string[] {
  const wanted = mounts
    .filter(({ mountPoint, fsType }) => mountPoint !== '/' && !ownOrNone.has(fsType) && !isFresh(mountPoint))
    .map(({ mountPoint }) => mountPoint);
  return [...new Set(wanted)];
}

/** True when the repository is not seen through the overlays, and must be mounted for itself. */
export function isHidden(path: string, mounts: readonly HostMount[]): boolean {
  if (isFresh(path)) return true;
  const holder = mounts
    .filter(({ mountPoint }) => isBelow(path, mountPoint))
    .reduce((deepest, mount) => (mount.mountPoint.length >= deepest.mountPoint.length ? mount : deepest));
  return holder.mountPoint !== '/' && ownOrNone.has(holder.fsType);
}

function isFresh(path: string): boolean {
  return mountedFreshly.some((directory) => isBelow(path, directory));
}

function isBelow(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function decode(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
