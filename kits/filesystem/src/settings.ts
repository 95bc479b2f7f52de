import { posix } from 'node:path';
import { z } from 'zod';
import { kindOf } from './kindOf.ts';

export const settings = z
  .strictObject({
    device: z
      .string()
      .min(1, 'write what is mounted, such as /dev/vg0/pg or LABEL=pg')
      .describe(
        'What is mounted: the path of a block device, LABEL=… or UUID=…; for bind the folder that is shown again, for nfs host:/path, for tmpfs any word. At the next restore.',
      ),
    mountPoint: z
      .string()
      .refine(
        isPlace,
        'a mount point is an absolute path without . and .., and not / itself, such as /srv/pg',
      )
      .describe('Where it is mounted. Symbolic links on the way are followed. At the next restore.'),
    fsType: z
      .string()
      .regex(/^[a-z0-9._-]+$/, 'write the type as mount does, in small letters, such as ext4')
      .describe('The type of the file system: ext4, xfs, tmpfs, bind, nfs and others. At the next restore.'),
    options: z
      .string()
      .regex(/^[^\s,]+(,[^\s,]+)*$/, 'separate mount options by commas, without spaces, such as noatime,ro')
      .default('defaults')
      .describe('Mount options, separated by commas. At the next restore.'),
    createMountPoint: z
      .boolean()
      .default(true)
      .describe('Make the folder when it is missing. At the next restore.'),
    mountPointOwner: z
      .string()
      .regex(/^[a-z0-9._-]+$/i, 'write the name or the number of an account, such as postgres')
      .default('root')
      .describe('Account that gets a folder made by createMountPoint, with its group. At the next restore.'),
    mountPointMode: z
      .string()
      .regex(/^0?[0-7]{3}$/, 'write the mode in quotes, as chmod takes it, such as "0755"')
      .default('0755')
      .describe('Mode of a folder made by createMountPoint, in octal. At the next restore.'),
    requireEmptyMountPoint: z
      .boolean()
      .default(false)
      .describe(
        'Refuse to mount over a folder with files, which the mount would hide. When false they are only reported. At the next restore.',
      ),
    deviceWaitMs: z
      .int('write whole milliseconds, such as 5000')
      .min(0, 'write 0 (do not wait) to 600000, such as 5000')
      .max(600_000, 'write 0 (do not wait) to 600000, such as 5000')
      .default(5_000)
      .describe(
        'How long restore waits for a device that is not there yet, in milliseconds. At the next restore.',
      ),
    fullWarnPercent: z
      .number()
      .min(1, 'write 1 to 100, such as 90')
      .max(100, 'write 1 to 100, such as 90')
      .default(90)
      .describe(
        'From how full on, in percent of blocks or of inodes, a condition is shown; it goes 1 below that. At once.',
      ),
    killHolders: z
      .boolean()
      .default(true)
      .describe(
        'Let remove end the processes that hold the file system: TERM, then KILL. When false it only names them. At once.',
      ),
    unmountOthers: z
      .boolean()
      .default(true)
      .describe(
        'Let remove unmount what is mounted below it, and its device at other places. When false it only names them. At once.',
      ),
  })
  .superRefine(({ device, fsType }, context) => {
    const wrong = wrongDevice(device, fsType);
    if (wrong !== undefined) context.addIssue({ code: 'custom', path: ['device'], message: wrong });
  });
export type Settings = z.infer<typeof settings>;

export function wantsReadOnly({ options }: Pick<Settings, 'options'>): boolean {
  return options.split(',').findLast((option) => option === 'ro' || option === 'rw') === 'ro';
}

function isPlace(path: string): boolean {
  const plain = path.replace(/\/+$/, '');
  return plain.startsWith('/') && posix.normalize(plain) === plain;
}

function wrongDevice(device: string, fsType: string): string | undefined {
  switch (kindOf(fsType)) {
    case 'block':
      if (/^(\/.|LABEL=.|UUID=.)/.test(device)) return undefined;
      return `the device of ${fsType} is a path, LABEL=… or UUID=…, such as /dev/vg0/pg or LABEL=pg`;
    case 'folder':
      if (isPlace(device)) return undefined;
      return 'the device of a bind mount is the folder that is shown again, such as /srv/disk/mail';
    case 'network':
      if (/^[^\s/]+:\/\S*$/.test(device)) return undefined;
      return `the device of ${fsType} is host:/path, such as filer:/export/mail`;
    case 'memory':
      return /^\S+$/.test(device) ? undefined : 'the device of tmpfs is any word, such as scratch';
  }
}
