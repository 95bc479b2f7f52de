import type { ResourceStatus } from '@holdfast/core';

/** What a state looks like on paper; the word stands beside it, for those who see no colours. */
export function colourOf(state: ResourceStatus['state']): string {
  return { ISP: '#d5efd5', ISU: '#f7ecc6', OSU: '#ececec', OSF: '#f6cfcf', ILLSTATE: '#f7ecc6' }[state];
}
