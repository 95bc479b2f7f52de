import type { ResourceStatus } from '@holdfast/core';

/** Whether there is nothing to tell beyond the state. Not imported from the core: loading it would double the start time. */
export function isAsWanted({
  want,
  state,
  elsewhere = [],
}: Pick<ResourceStatus, 'want' | 'state' | 'elsewhere'>): boolean {
  if (want === 'outOfService') return state === 'OSU';
  return isUp(state) || (state === 'OSU' && elsewhere.some((one) => isUp(one.state)));
}

function isUp(state: ResourceStatus['state']): boolean {
  return state === 'ISP' || state === 'ISU';
}
