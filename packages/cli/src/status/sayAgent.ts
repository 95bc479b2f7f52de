import type { Screen } from '../program/screen.ts';
import { saySpan } from '../text/saySpan.ts';
import { wrap } from '../text/wrap.ts';
import type { FoundStatus } from './findStatus.ts';

/** A warning for those who read what an agent left behind; nothing while it runs. */
export function sayAgent(
  { agent, ageMs, status }: FoundStatus,
  { width, paint }: Pick<Screen, 'width' | 'paint'>,
): string[] {
  if (agent === 'running') return [];
  const how = agent === 'stopped' ? 'was stopped' : 'is down';
  const text = `The agent of ${status.node} ${how}: this is its status as of ${saySpan(ageMs)} ago, and nothing is checked or repaired. Start it: holdfast agent`;
  return wrap(text, { first: '', width }).map(paint.bad);
}
