import type { ResourceStatus } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import type { FoundStatus } from '../status/findStatus.ts';
import { isAsWanted } from '../status/isAsWanted.ts';
import { showOverview } from '../status/showOverview.ts';
import { showTrees } from '../status/showTrees.ts';
import { count } from '../text/count.ts';
import { fitRows } from './fitRows.ts';

/**
 * The overview in so many rows. Where it is longer, what is acted on or not as wanted comes first, then as much of
 * the rest as there is room for.
 */
export function showFitting(
  found: FoundStatus,
  look: Pick<Screen, 'width' | 'paint'>,
  now: number,
  rows: number,
): readonly string[] {
  // What is done is shown below, step by step.
  const status = { ...found.status, operations: [] };
  const full = showOverview({ ...found, status }, look, now);
  if (full.length <= rows) return full;
  const first = full.slice(0, 2);
  const last = full.at(-1)!;
  const isTold = (one: ResourceStatus) => !isAsWanted(one) || one.acting !== undefined || one.state === 'ISU';
  const told = treesOf(status.resources.filter(isTold));
  const others = status.resources.filter((one) => !isTold(one));
  const room = Math.max(2, rows - first.length - 3);
  const shown = fitRows(told, room);
  const filling = treesOf(others).slice(0, Math.max(0, room - shown.length));
  const left = others.length - filling.length;
  return [
    ...first,
    ...shown,
    ...filling,
    ...(left === 0 ? [] : [`  ${count(left, 'resource')} more, as wanted`]),
    '',
    last,
  ];

  function treesOf(resources: readonly ResourceStatus[]): string[] {
    return resources.length === 0 ? [] : showTrees(resources, look, now, { node: status.node, nodes: [] });
  }
}
