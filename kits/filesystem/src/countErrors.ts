import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Condition } from '@holdfast/kit';
import type { Mount } from './readMounts.ts';

/**
 * ext4 counts the errors that it found, and by default goes on all the same. The count stays in the file system until
 * it is checked as a whole; the kernel gives it without asking the disk.
 */
export async function countErrors({ fsType, source }: Mount): Promise<readonly Condition[]> {
  if (fsType !== 'ext4') return [];
  const file = `/sys/fs/ext4/${basename(source)}/errors_count`;
  const count = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (!(count > 0)) return [];
  const says = `ext4 has recorded ${count} errors; check it as a whole when it may be out: e2fsck -f ${source}`;
  return [{ code: 'errors-recorded', says }];
}
