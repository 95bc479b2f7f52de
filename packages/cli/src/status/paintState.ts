import type { ResourceStatus } from '@holdfast/core';
import type { Paint } from '../program/screen.ts';
import { isAsWanted } from './isAsWanted.ts';

/** A state in the colour of what it means; padded to a width first, where it stands in a column. */
export function paintState(
  resource: Pick<ResourceStatus, 'state' | 'want' | 'elsewhere'>,
  paint: Paint,
  width = 0,
): string {
  const { state } = resource;
  const text = state.padEnd(width);
  if (state === 'OSF') return paint.bad(text);
  if (!isAsWanted(resource) || state === 'ISU' || state === 'ILLSTATE') return paint.warning(text);
  return state === 'ISP' ? paint.good(text) : text;
}
