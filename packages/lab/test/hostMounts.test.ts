import { expect, test } from '@jest/globals';
import { isHidden, mountsToRepeat, readMountInfo } from '../src/hostMounts.ts';

const machine = readMountInfo(`22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
31 27 254:16 / /home rw,relatime shared:1 master:2 - xfs /dev/vdb rw
32 31 254:32 / /home/my\\040disk rw,relatime - ext4 /dev/vdc rw
33 27 0:40 / /run rw,nosuid - tmpfs tmpfs rw
34 33 254:48 / /run/media/stick rw - vfat /dev/sdb1 rw
35 27 0:41 / /srv/fast rw - tmpfs tmpfs rw
36 31 254:64 / /home rw - ext4 /dev/vdd rw
`);

test('a mount is read with its own type, also with optional fields, and with its spaces', () => {
  expect(machine.slice(2, 4)).toEqual([
    { mountPoint: '/home', fsType: 'xfs' },
    { mountPoint: '/home/my disk', fsType: 'ext4' },
  ]);
});

test('the other file systems of the machine are mounted again, once each, and no kernel interface is', () => {
  expect(mountsToRepeat(machine)).toEqual(['/home', '/home/my disk']);
});

test.each([
  ['/root/holdfast', false],
  ['/home/my disk/holdfast', false],
  ['/homeless/holdfast', false],
  ['/tmp/holdfast', true],
  ['/run/holdfast', true],
  ['/srv/fast/holdfast', true],
])('a checkout at %s is hidden by the mounts of a lab host: %s', (path, hidden) => {
  expect(isHidden(path, machine)).toBe(hidden);
});
