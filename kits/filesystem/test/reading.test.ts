import { expect, test } from '@jest/globals';
import { escapeForSystemd, readFstab } from '../src/findDoubleManagement.ts';
import { readExports, readLoops, readSwaps } from '../src/findStays.ts';
import { judgeFullness } from '../src/fullness.ts';
import { type Mount, mountOf, readMount, withAllAbove } from '../src/readMounts.ts';
import { refusal, targetsOf } from '../src/targetsOf.ts';

test('a mount point with spaces and a backslash is read as it is', () => {
  const line =
    '36 35 98:0 / /mnt/a\\040b\\134c rw,noatime shared:1 master:2 - ext4 /dev/sda1 rw,errors=continue';
  expect(readMount(line)).toEqual({
    id: 36,
    parent: 35,
    device: '98:0',
    root: '/',
    mountPoint: '/mnt/a b\\c',
    isReadOnly: false,
    givenUp: undefined,
    fsType: 'ext4',
    source: '/dev/sda1',
  });
});

test('a file system that the kernel made read-only is read-only, though its mount says rw', () => {
  expect(readMount('36 35 98:0 / /mnt rw - ext4 /dev/sda1 ro').isReadOnly).toBe(true);
});

test('a file system that the kernel gave up is seen by its word for it', () => {
  expect(readMount('36 35 98:0 / /mnt rw - ext4 /dev/sda1 rw,shutdown').givenUp).toBe('shutdown');
  expect(readMount('36 35 98:0 / /mnt rw - ext4 /dev/sda1 rw,emergency_ro').givenUp).toBe('emergency_ro');
});

const mounts = [
  '20 1 0:20 / / rw - overlay lab rw',
  '36 20 98:0 / /mnt rw - ext4 /dev/sda1 rw',
  '37 36 98:1 / /mnt/below rw - ext4 /dev/sdb1 rw',
  '38 37 0:33 / /mnt/below/deeper rw - tmpfs t rw',
  '39 20 98:2 / /mntother rw - ext4 /dev/sdc1 rw',
].map(readMount);

test('what stands on a mount goes before it, deepest first, and nothing else goes', () => {
  expect(withAllAbove([mounts[1]!], mounts).map(({ id }) => id)).toEqual([38, 37, 36]);
});

test('a path belongs to the deepest mount, and a name that only begins alike does not', () => {
  expect(mountOf('/mnt/below/file', mounts)?.id).toBe(37);
  expect(mountOf('/mntother/file (deleted)', mounts)?.id).toBe(39);
  expect(mountOf('/etc/passwd', mounts)?.id).toBe(20);
});

test('loop devices, swap files and exports are read in the words of the kernel', () => {
  expect(
    readLoops(
      '{"loopdevices": [{"name":"/dev/loop0", "back-file":"/srv/pg/image", "back-maj:min":"  7:1"}, {"name":"/dev/loop9", "back-file":null, "back-maj:min":null}]}',
    ),
  ).toEqual([{ name: '/dev/loop0', file: '/srv/pg/image', number: '7:1' }]);
  expect(readLoops('')).toEqual([]);
  expect(
    readSwaps(
      'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/sda2                               partition\t1\t0\t-2\n/srv/a\\040b/swap                        file\t\t1\t0\t-3\n',
    ),
  ).toEqual(['/srv/a b/swap']);
  expect(readExports('# Version 1.1\n# Path Client(Flags) # IPs\n/srv/pg/export\t10.0.0.0/8(rw)\n')).toEqual([
    '/srv/pg/export',
  ]);
});

test('a line of fstab is read with its number, and a comment is none', () => {
  expect(readFstab('# comment\n\nUUID=1 /srv/a\\040b ext4 noauto,noatime 0 2\n')).toEqual([
    { number: 3, device: 'UUID=1', place: '/srv/a b', options: ['noauto', 'noatime'] },
  ]);
});

test('a path is written as systemd names its units', () => {
  expect(escapeForSystemd('/srv/a place/b-c.d')).toBe('srv-a\\x20place-b\\x2dc.d');
});

test('a nearly full disk is shown from the limit on, and until it is one percent below it', () => {
  const memory = new Map();
  const codes = (blocks: number): string[] =>
    judgeFullness({ blocks, inodes: 0 }, 90, memory).map(({ code }) => code);
  expect(codes(89.9)).toEqual([]);
  expect(codes(90)).toEqual(['nearly-full']);
  expect(codes(89)).toEqual(['nearly-full']);
  expect(codes(88.9)).toEqual([]);
  expect(codes(89)).toEqual([]);
});

test('what the node itself runs from is never unmounted, whatever the settings say', () => {
  // The device in the settings is the node's own disk, by a mistake of whoever wrote them.
  const table = [
    '20 1 98:0 / / rw - ext4 /dev/sda1 rw',
    '36 20 98:0 / /srv/pg rw - ext4 /dev/sda1 rw',
    '37 20 98:1 / /srv/other rw - ext4 /dev/sdb1 rw',
  ].map(readMount);
  const seen = (top: Mount, elsewhere: readonly Mount[]) => ({
    kind: 'block' as const,
    place: top.mountPoint,
    source: { path: top.source, number: top.device, root: undefined },
    top,
    isOurs: true,
    elsewhere,
    below: [],
    mounts: table,
  });
  const [root, wrong, right] = table as [Mount, Mount, Mount];
  const mistaken = seen(wrong, [root]);
  expect(refusal(targetsOf(mistaken), mistaken)).toBe('/dev/sda1 on / is what this node runs from');
  const correct = seen(right, []);
  expect(refusal(targetsOf(correct), correct)).toBeUndefined();
});
