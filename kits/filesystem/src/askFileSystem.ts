import { statfs } from 'node:fs/promises';
import { askOnce, type Finding } from '@holdfast/kit';

type Answer = Readonly<{ finding: Finding; says: string }>;

/** Asks the file system how it is, which the kernel's table of mounts does not know. */
export async function askFileSystem(
  mountPoint: string,
  limits: Readonly<{ withinMs: number; signal: AbortSignal }>,
): Promise<Answer> {
  try {
    const answer = await askOnce(`statfs ${mountPoint}`, () => statfs(mountPoint), limits);
    if (answer !== undefined) return { finding: 'in-service', says: 'mounted, and it answers' };
    return { finding: 'timeout', says: `it did not answer within ${Math.round(limits.withinMs)} ms` };
  } catch (error) {
    return { finding: 'failed', says: (error as Error).message };
  }
}
