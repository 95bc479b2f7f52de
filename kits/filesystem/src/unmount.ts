import type { KitCall, RunResult } from '@holdfast/kit';
import type { ForeignMount } from './findHolders.ts';
import type { Mount } from './readMounts.ts';
import type { Settings } from './settings.ts';

type Call = Pick<KitCall<Settings>, 'run' | 'signal'>;

/** What is cached is written out first, which takes as long as the disk takes. */
export async function unmount(
  { run, signal }: Call,
  { mountPoint }: Mount,
  { withinMs, mayForce }: Readonly<{ withinMs: number; mayForce: boolean }>,
): Promise<RunResult> {
  // A server that is gone must not be asked what the path means.
  const forced = mayForce ? ['--force', '--no-canonicalize'] : [];
  return run(['umount', ...forced, '--', mountPoint], { budgetMs: withinMs, signal });
}

/** Unmounts the same thing in the mount namespace of another process: it keeps the device there as well. */
export async function unmountIn(
  { run, signal }: Call,
  { pid, mount }: ForeignMount,
  withinMs: number,
): Promise<RunResult> {
  const enter = ['nsenter', `--mount=/proc/${pid}/ns/mnt`, '--'] as const;
  return run([...enter, 'umount', '--', mount.mountPoint], { budgetMs: withinMs, signal });
}
