import type { Screen } from '../program/screen.ts';
import { count } from '../text/count.ts';
import { plain } from '../text/plain.ts';
import { saySpan } from '../text/saySpan.ts';
import { shorten } from '../text/shorten.ts';
import { wrap } from '../text/wrap.ts';
import type { Activity, WatchedOperation, WatchedStep } from './activity.ts';
import { criticalPath } from './criticalPath.ts';

type Look = Pick<Screen, 'width' | 'paint'>;

/**
 * What is being done: each operation with its running steps and their age, what waits for what, and the chain of steps
 * that decides when it will be over.
 *
 *     operation a1-3, for 4.2 s: db failed: the mark is broken
 *       1 of 4 steps over
 *       running  recover db       4.2 s
 *       waiting  restore web      for recover db
 *       longest way  recover db -> restore web
 */
export function showActivity({ operations, last }: Activity, look: Look, now: number): string[] {
  if (operations.length > 0) return operations.flatMap((one) => showOperation(one, look, now));
  if (last === undefined) return [];
  const { paint, width } = look;
  const result = last.result === 'done' ? paint.good('done') : paint.bad(last.result);
  return [
    `last operation ${last.id}: ${result} after ${saySpan(last.tookMs)}, ${saySpan(now - last.endedAt)} ago`,
    ...wrap(plain(last.cause), { first: '  ', width }),
  ];
}

/** So many waiting steps are named; more would push what runs from the screen. */
const waitingMax = 4;

function showOperation({ id, cause, begunAt, steps }: WatchedOperation, look: Look, now: number): string[] {
  const { width, paint } = look;
  const over = steps.filter(({ phase }) => phase !== 'waiting' && phase !== 'running').length;
  const failed = steps.filter(({ phase }) => phase === 'failed').length;
  const running = steps.filter(({ phase }) => phase === 'running');
  const waiting = steps.filter(({ phase }) => phase === 'waiting');
  const names = [...running, ...waiting.slice(0, waitingMax)].map(nameOf);
  const nameWidth = Math.min(Math.max(0, ...names.map(({ length }) => length)), Math.floor(width / 2));
  const line = (word: string, one: WatchedStep, says: string): string => {
    const name = shorten(nameOf(one), nameWidth).padEnd(nameWidth);
    return `  ${word}  ${name}  ${shorten(says, Math.max(0, width - nameWidth - 13))}`.trimEnd();
  };
  const way = criticalPath(steps);
  return [
    ...wrap(plain(cause), {
      first: `operation ${id}, for ${saySpan(Math.max(0, now - begunAt))}: `,
      width,
      hang: 2,
    }),
    `  ${over} of ${count(steps.length, 'step')} over${failed === 0 ? '' : paint.bad(`, ${failed} failed`)}`,
    ...running.map((one) =>
      paint.strong(line('running', one, saySpan(Math.max(0, now - (one.begunAt ?? now))))),
    ),
    ...waiting.slice(0, waitingMax).map((one) => line('waiting', one, waitsFor(one, steps))),
    ...(waiting.length > waitingMax
      ? [`  and ${count(waiting.length - waitingMax, 'step')} more waiting`]
      : []),
    ...(way.length < 2 ? [] : showWay(way, width)),
  ];
}

function nameOf({ step: { action, tag } }: WatchedStep): string {
  return `${action} ${tag}`;
}

function waitsFor({ step }: WatchedStep, steps: readonly WatchedStep[]): string {
  const open = steps.filter(
    (one) => step.after.includes(one.step.id) && (one.phase === 'waiting' || one.phase === 'running'),
  );
  return open.length === 0 ? 'for its turn' : `for ${open.map(nameOf).join(', ')}`;
}

/** A long way is told by its two ends. */
function showWay(way: readonly WatchedStep[], width: number): string[] {
  const names = way.map((one) => shorten(nameOf(one), 40));
  const told =
    names.length <= 6 ? names : [...names.slice(0, 3), `${names.length - 5} more`, ...names.slice(-2)];
  return wrap(told.join(' -> '), { first: '  critical path  ', width, hang: 17 });
}
