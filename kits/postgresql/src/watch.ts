import type { Watch } from '@holdfast/kit';
import type { Settings } from './settings.ts';

/** The end of the postmaster. What a server that lives does wrong, only a check finds. */
export function watch({ dataDirectory }: Settings): readonly Watch[] {
  return [{ kind: 'process', pidFile: `${dataDirectory}/postmaster.pid` }];
}
