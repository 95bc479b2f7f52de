import type { AgentEvent, OperationAnswer } from '@holdfast/core';
import { saySpan } from '../text/saySpan.ts';
import { sayTime } from '../text/sayTime.ts';
import { wrap } from '../text/wrap.ts';

/** From the moment of detection: decided, each step as it began and ended, and the end. */
export function showTimeline(operation: OperationAnswer, width: number): string[] {
  const { id, cause, begunAt, endedAt, detectedAt, result, events } = operation;
  const start = detectedAt ?? begunAt;
  const line = (at: number, says: string): string[] =>
    wrap(says, { first: `${`${Math.round(at - start)} ms`.padStart(12)}  `, width });
  return [
    ...wrap(`operation ${id}: ${cause}`, { first: '', width, hang: 2 }),
    `  ${sayTime(start)}, ${result}${endedAt === undefined ? '' : ` after ${saySpan(endedAt - start)}`}`,
    '',
    ...(detectedAt === undefined ? [] : line(detectedAt, 'detected')),
    ...line(begunAt, 'decided'),
    ...events.flatMap((event) => sayEvent(event).flatMap((says) => line(event.at, says))),
  ];
}

function sayEvent(event: AgentEvent): string[] {
  switch (event.kind) {
    case 'step-begun':
      return [`begun     ${event.action} ${event.tag}`];
    case 'step-ended': {
      const took = event.result === 'done' || event.result === 'failed' ? `  (${saySpan(event.tookMs)})` : '';
      const evidence = event.evidence === '' ? '' : `: ${event.evidence}`;
      return [`${event.result.padEnd(9)} ${event.action} ${event.tag}${took}${evidence}`];
    }
    case 'operation-ended':
      return [`ended     ${event.result}`];
    default:
      return [];
  }
}
