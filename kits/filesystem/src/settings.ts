import { posix } from 'node:path';
import { z } from 'zod';

export const settings = z.strictObject({
  device: z
    .string()
    .regex(/^(\/|LABEL=.|UUID=.)/, 'a device is a path, LABEL=… or UUID=…')
    .describe('What is mounted: the path of a block device, LABEL=… or UUID=…. At the next restore.'),
  mountPoint: z
    .string()
    .refine(
      (path) => path.startsWith('/') && path !== '/' && posix.normalize(path) === path && !path.endsWith('/'),
      'a mount point is an absolute path without . and .., without a slash at its end, and not / itself',
    )
    .describe('Where it is mounted. At the next restore.'),
  fsType: z
    .string()
    .regex(/^[a-z0-9._-]+$/, 'write the type as mount does, such as ext4')
    .describe('The type of the file system, such as ext4 or xfs. At the next restore.'),
  options: z
    .string()
    .regex(/^[^\s]+$/, 'separate mount options by commas, without spaces')
    .default('defaults')
    .describe('Mount options, separated by commas. At the next restore.'),
  createMountPoint: z
    .boolean()
    .default(true)
    .describe('Make the folder when it is missing. At the next restore.'),
});
export type Settings = z.infer<typeof settings>;

export function wantsReadOnly({ options }: Settings): boolean {
  return options.split(',').findLast((option) => option === 'ro' || option === 'rw') === 'ro';
}
