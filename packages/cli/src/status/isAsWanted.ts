import type { ResourceStatus } from '@holdfast/core';

/** Whether there is nothing to tell beyond the state. Not imported from the core: loading it would double the start time. */
export function isAsWanted({
  want,
  state,
  elsewhere = [],
  blocked,
}: Pick<ResourceStatus, 'want' | 'state' | 'elsewhere' | 'blocked'>): boolean {
  if (want === 'outOfService') return state === 'OSU';
  // What a node that is gone last said of itself is no service: whoever waits for it says so.
  return (
    isUp(state) || (state === 'OSU' && blocked === undefined && elsewhere.some((one) => isUp(one.state)))
  );
}

function isUp(state: ResourceStatus['state']): boolean {
  return state === 'ISP' || state === 'ISU';
}
