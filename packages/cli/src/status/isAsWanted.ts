import type { ResourceStatus } from '@holdfast/core';

/** Whether there is nothing to tell beyond the state. Not imported from the core: loading it would double the start time. */
export function isAsWanted({ want, state }: Pick<ResourceStatus, 'want' | 'state'>): boolean {
  return want === 'inService' ? state === 'ISP' || state === 'ISU' : state === 'OSU';
}
