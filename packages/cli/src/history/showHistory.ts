import type { OperationAnswer } from '@holdfast/core';
import { saySpan } from '../text/saySpan.ts';
import { sayTime } from '../text/sayTime.ts';
import { wrap } from '../text/wrap.ts';

/** Two lines or more for each operation, the newest first: when, how it ended, how long it took; and what it was for. */
export function showHistory(operations: readonly OperationAnswer[], width: number): string[] {
  if (operations.length === 0) return ['nothing was done'];
  const idWidth = Math.max(...operations.map(({ id }) => id.length));
  return operations.flatMap(({ id, begunAt, endedAt, result, cause }) => {
    const took = endedAt === undefined ? '' : `  ${saySpan(endedAt - begunAt)}`;
    return [
      `${sayTime(begunAt)}  ${id.padEnd(idWidth)}  ${result}${took}`,
      ...wrap(cause, { first: '    ', width }),
    ];
  });
}
