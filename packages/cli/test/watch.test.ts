import type { AgentEvent, NewEvent } from '@holdfast/core';
import { expect, test } from '@jest/globals';
import { noPaint } from '../src/program/screen.ts';
import { type Activity, afterEvent, noActivity } from '../src/watch/activity.ts';
import { criticalPath } from '../src/watch/criticalPath.ts';
import { showActivity } from '../src/watch/showActivity.ts';
import { showFitting } from '../src/watch/showFitting.ts';
import { expectGolden } from './support/golden.ts';
import { statusOf, writtenAt } from './support/statusOf.ts';

const look = { width: 80, paint: noPaint };
const running = { agent: 'running', ageMs: 3_000 } as const;
const now = writtenAt + 3_000;

const step = (tag: string, after: readonly string[] = []) => ({
  id: tag,
  node: 'alpha',
  tag,
  action: 'restore' as const,
  after: [...after],
  because: { code: 'requested', says: 'requested' },
});
const begun = (tag: string): NewEvent => ({
  kind: 'step-begun',
  operation: 'a1-3',
  step: tag,
  tag,
  action: 'restore',
});
const ended = (tag: string): NewEvent => ({
  kind: 'step-ended',
  operation: 'a1-3',
  step: tag,
  tag,
  action: 'restore',
  result: 'done',
  evidence: '',
  todo: '',
  tookMs: 5,
});
const begin = (...steps: ReturnType<typeof step>[]): NewEvent => ({
  kind: 'operation-begun',
  operation: 'a1-3',
  cause: 'disk failed: the mark is broken',
  commands: [],
  steps,
});

/** Each event a second after the one before. */
function after(...events: NewEvent[]): Activity {
  return events
    .map((event, index) => ({ ...event, sequence: index, at: writtenAt - 1_000 * (events.length - index) }))
    .reduce((activity, event) => afterEvent(activity, event as AgentEvent), noActivity);
}

const restart = begin(
  step('disk'),
  step('ip'),
  step('db', ['disk', 'ip']),
  step('report', ['ip']),
  step('web', ['db']),
);

test('what runs, for how long, what waits for what, and the way that decides the end', () => {
  const activity = after(restart, begun('disk'), begun('ip'), ended('ip'));
  expectGolden('watch-activity', showActivity(activity, look, now));
});

test('the operation that ended last stays in sight', () => {
  const over: NewEvent = { kind: 'operation-ended', operation: 'a1-3', result: 'done', tookMs: 40 };
  expectGolden('watch-last', showActivity(after(restart, over), look, now));
});

test('steps of an operation whose beginning was not heard are let go', () => {
  expect(after(begun('disk'), ended('disk'))).toEqual(noActivity);
});

test('the critical path is the longest chain of what is not over', () => {
  const [operation] = after(restart, begun('disk'), ended('disk')).operations;
  const way = (activity: typeof operation) => criticalPath(activity!.steps).map((one) => one.step.tag);
  expect(way(operation)).toEqual(['ip', 'db', 'web']);
  expect(way(after(restart, begun('ip'), ended('ip'), ended('disk'), ended('db')).operations[0])).toEqual([
    'report',
  ]);
});

test('500 resources fit on the screen: what is not as wanted is shown, and the others are counted', () => {
  const tags = Array.from({ length: 500 }, (_, index) => `service-${index}`);
  const status = statusOf(
    tags.map((tag, index) => ({
      tag,
      ...(index % 10 === 0 ? {} : { needs: tags.slice(index + 1, index + 2) }),
      ...(index === 250 ? { state: 'OSF' as const, reason: 'restore failed: it would not come' } : {}),
    })),
  );
  const lines = showFitting({ ...running, status }, look, now, 20);
  expect(lines.length).toBeLessThanOrEqual(20);
  expectGolden('watch-500', lines);
});

test('a tag of 256 characters and a hundred steps keep to the width', () => {
  const long = 'x'.repeat(256);
  const many = Array.from({ length: 100 }, (_, index) =>
    step(
      `${long.slice(4)}${String(index).padStart(4, '0')}`,
      index === 0 ? [] : [`${long.slice(4)}${String(index - 1).padStart(4, '0')}`],
    ),
  );
  const lines = showActivity(after(begin(...many), begun(many[0]!.tag)), look, now);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.length).toBeLessThan(16);
});
