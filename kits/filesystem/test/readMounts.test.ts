import { expect, test } from '@jest/globals';
import { readMount } from '../src/readMounts.ts';

test('a mount point with spaces and a backslash is read as it is', () => {
  const line =
    '36 35 98:0 / /mnt/a\\040b\\134c rw,noatime shared:1 master:2 - ext4 /dev/sda1 rw,errors=continue';
  expect(readMount(line)).toEqual({
    device: '98:0',
    root: '/',
    mountPoint: '/mnt/a b\\c',
    isReadOnly: false,
    fsType: 'ext4',
    source: '/dev/sda1',
  });
});

test('a file system that the kernel made read-only is read-only, though its mount says rw', () => {
  expect(readMount('36 35 98:0 / /mnt rw - ext4 /dev/sda1 ro').isReadOnly).toBe(true);
});
