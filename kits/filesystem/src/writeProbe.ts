import { join } from 'node:path';
import { askOnce, type Ended, start } from '@holdfast/kit';

/** Written in the file system's own root, and taken away again; a probe that was cut short leaves it to the next. */
export const probeName = '.holdfast-probe';

export type Probe =
  | Readonly<{ result: 'written' }>
  | Readonly<{ result: 'refused'; says: string }>
  | Readonly<{ result: 'hangs'; says: string }>;

/**
 * Writes a block and waits until the disk has it, in a process of its own: what waits in the kernel for a dead disk
 * cannot be ended, and nobody waits for it. While one hangs no other is started, so that a dead disk costs one process.
 */
export async function writeProbe(
  place: string,
  limits: Readonly<{ withinMs: number; signal: AbortSignal }>,
): Promise<Probe> {
  const path = join(place, probeName);
  let isLate = false;
  let end = (): void => undefined;
  const step = (argv: readonly [string, ...string[]]): Promise<Ended> => {
    const started = start(argv);
    end = () => started.kill('SIGKILL');
    if (isLate) end();
    return started.ended;
  };
  const write = async (): Promise<Probe> => {
    const written = await step([
      'dd',
      'if=/dev/zero',
      `of=${path}`,
      'bs=4096',
      'count=1',
      'conv=fsync',
      'status=none',
    ]);
    const removed = await step(['rm', '-f', '--', path]);
    const wrong = [written, removed].find(({ exitCode }) => exitCode !== 0);
    return wrong === undefined ? { result: 'written' } : { result: 'refused', says: lastWords(wrong) };
  };
  const probe = await askOnce(`write ${place}`, write, limits);
  if (probe !== undefined) return probe;
  isLate = true;
  end();
  return {
    result: 'hangs',
    says: `a block was not written within ${Math.round(limits.withinMs)} ms; the writer waits in the kernel`,
  };
}

function lastWords({ stderr, startError, signal }: Ended): string {
  return startError ?? (stderr.trim().split('\n').at(-1) || `it was ended by ${signal ?? 'somebody'}`);
}
