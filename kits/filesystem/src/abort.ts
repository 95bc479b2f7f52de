import { fileURLToPath } from 'node:url';
import type { AbortStep, KitCall } from '@holdfast/kit';
import { look } from './look.ts';
import type { Settings } from './settings.ts';

const program = fileURLToPath(new URL('program/drop.ts', import.meta.url));

/**
 * Who rests on it is dropped before it, so that a plain unmount by the device's own name mostly is enough: 2 ms. What
 * still holds it is killed by a program of ours, which knows whom to spare; `fuser -k` would kill those of the file
 * system below when it is unmounted already. Both go by the device that is mounted now, never by the place alone.
 */
export async function abort(call: KitCall<Settings>): Promise<readonly AbortStep[]> {
  const { top, isOurs, kind, place } = await look(call);
  if (top === undefined || !isOurs) return [];
  const quick: readonly AbortStep[] =
    kind === 'block' && top.source.startsWith('/dev/')
      ? [{ argv: ['umount', '--all-targets', '--', top.source], budgetMs: 250 }]
      : [];
  const words = kind === 'folder' || kind === 'network' ? 'here' : 'everywhere';
  const kill = call.settings.killHolders ? 'kill' : 'spare';
  const argv = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    program,
    top.device,
    place,
    words,
    kill,
  ] as const;
  return [...quick, { argv, budgetMs: 750 }];
}
