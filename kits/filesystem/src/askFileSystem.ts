import { stat, statfs } from 'node:fs/promises';
import { askOnce, type Finding } from '@holdfast/kit';
import type { Fullness } from './fullness.ts';

type Answer = Readonly<{ finding: Finding; says: string; fullness?: Fullness }>;

/** Asks the file system how it is, which the kernel's table of mounts does not know. */
export async function askFileSystem(
  place: string,
  limits: Readonly<{ withinMs: number; signal: AbortSignal }>,
): Promise<Answer> {
  const ask = async (): Promise<Fullness> => {
    // A file system that was given up may still know its size, and no more.
    await stat(place);
    const { blocks, bfree, bavail, files, ffree } = await statfs(place);
    // As df counts: what is kept for root is neither used nor free.
    return { blocks: percent(blocks - bfree, bavail), inodes: percent(files - ffree, ffree) };
  };
  try {
    const fullness = await askOnce(`statfs ${place}`, ask, limits);
    if (fullness !== undefined) return { finding: 'in-service', says: 'mounted, and it answers', fullness };
    return { finding: 'timeout', says: `it did not answer within ${Math.round(limits.withinMs)} ms` };
  } catch (error) {
    return { finding: 'failed', says: (error as Error).message };
  }
}

/** 0 where there is no limit, such as for the inodes of btrfs. */
function percent(used: number, free: number): number {
  return used + free === 0 ? 0 : (used / (used + free)) * 100;
}
