import type { Screen } from '../program/screen.ts';
import { saySpan } from '../text/saySpan.ts';
import { wrap } from '../text/wrap.ts';
import type { FoundStatus } from './findStatus.ts';

/** A warning for those who read what an agent left behind; nothing while it runs. */
export function sayAgent(
  { agent, ageMs, status }: FoundStatus,
  { width, paint }: Pick<Screen, 'width' | 'paint'>,
): string[] {
  if (agent === 'running') return sayLastKnown(status, ageMs, { width, paint });
  const how = agent === 'stopped' ? 'was stopped' : 'is down';
  const text = `The agent of ${status.node} ${how}: this is its status as of ${saySpan(ageMs)} ago, and nothing is checked or repaired. Start it: holdfast agent`;
  return wrap(text, { first: '', width }).map(paint.bad);
}

/** The agent answers, and cannot know how things stand. */
function sayLastKnown(
  { node, at, lastKnown }: FoundStatus['status'],
  ageMs: number,
  { width, paint }: Pick<Screen, 'width' | 'paint'>,
): string[] {
  if (lastKnown === undefined) return [];
  const age =
    lastKnown.at === undefined
      ? 'of no earlier time'
      : `as of ${saySpan(Math.max(0, at + ageMs - lastKnown.at))} ago`;
  const text = `${node}: ${lastKnown.says}. The states are ${age}; services may have been let go of since. What nodes and members of etcd answer is of now`;
  return wrap(text, { first: '', width }).map(paint.bad);
}
