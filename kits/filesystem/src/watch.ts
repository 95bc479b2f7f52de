import type { Watch } from '@holdfast/kit';
import { plainPath } from './resolvePlace.ts';
import type { Settings } from './settings.ts';

/** Somebody unmounts it, or the kernel makes it read-only. */
export function watch({ mountPoint }: Settings): readonly Watch[] {
  return [{ kind: 'mount', mountPoint: plainPath(mountPoint) }];
}
