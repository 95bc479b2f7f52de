import type { NewEvent } from '@holdfast/core';
import { describe, expect, test } from '@jest/globals';
import { type Happened, messagesOf, repaired, subjectsOf } from './support.ts';

const allKinds = { events: undefined, severity: 'info' };

const gaveUp: NewEvent = {
  kind: 'given-up',
  tag: 'pg',
  code: 'recovery-spent',
  says: '3 of 3 repairs in 30m did not last',
  todo: '',
};
const condition = (says: string, kind: 'began' | 'ended' = 'began'): NewEvent => ({
  kind: 'conditions-changed',
  tag: 'fs',
  began: [],
  ended: [],
  [kind]: [{ code: 'filling', says }],
});
const failed = (tag: string): NewEvent => ({
  kind: 'state-changed',
  tag,
  from: 'ISP',
  to: 'OSF',
  reason: `${tag} is gone`,
});

describe('what a person at night is told', () => {
  const table: readonly (readonly [NewEvent, string | undefined])[] = [
    [gaveUp, 'critical pg is down, and nothing more is done about it by itself'],
    [condition('the disk is 92 % full'), 'warning fs: the disk is 92 % full'],
    [condition('the disk is 92 % full', 'ended'), undefined],
    [
      { kind: 'moved', hierarchy: 'pg@1', tags: ['pg'], from: 'beta', to: 'alpha' },
      'error pg@1 was taken over from beta by alpha',
    ],
    [
      { kind: 'agent-started', after: 'crash', says: 'the agent started again after it had died' },
      'error the agent started again after it had died',
    ],
    [{ kind: 'agent-started', after: 'stop', says: 'the agent started' }, undefined],
    [{ kind: 'agent-stopping', says: 'the agent stops' }, undefined],
    [{ kind: 'check-failed', tag: 'pg', finding: 'timeout', evidence: 'slow' }, undefined],
    [{ kind: 'state-changed', tag: 'pg', from: 'OSF', to: 'ISP', reason: 'found' }, undefined],
    [{ kind: 'configuration-applied', generation: 2, by: 'eve' }, undefined],
    [{ kind: 'paused', tags: ['pg'], by: 'eve', why: 'disk' }, undefined],
    [{ kind: 'adopted', tag: 'pg', says: 'found running' }, undefined],
    [failed('pg'), 'error pg failed while it was in service'],
  ];
  test.each(table)('%j', (event, told) => {
    expect(subjectsOf([[0, event]])).toEqual(told === undefined ? [] : [`3 ${told}`]);
  });

  test('that something runs here while another node has its claim', () => {
    const because = { code: 'owned-elsewhere', says: 'another node has the claim' };
    const step = { id: 's', node: 'alpha', tag: 'pg', action: 'remove' as const, after: [], because };
    const begun = {
      kind: 'operation-begun' as const,
      operation: 'o',
      cause: 'x',
      commands: [],
      steps: [step],
    };
    expect(subjectsOf([[0, begun]])).toEqual([
      '3 critical pg runs here, and another node has the claim of its hierarchy',
    ]);
  });
});

describe('a message', () => {
  test('holds a failure and its repair, with what, why, what was done and where to read on', () => {
    const [message, ...more] = messagesOf(repaired(10));
    expect(more).toEqual([]);
    expect(message).toMatchObject({ second: 13, severity: 'error', node: 'alpha' });
    expect(message!.subject).toBe('[holdfast] alpha: pg was repaired here in 160 ms (+1)');
    expect(message!.text).toBe(
      [
        '10 s  error: pg failed while it was in service',
        '  why   port 5432 refused',
        '',
        '10 s  warning: pg was repaired here in 160 ms',
        '  why   pg failed: port 5432 refused',
        '  done  recover of pg: done (153 ms)',
        '  see   holdfast operation o1',
        '',
      ].join('\n'),
    );
  });

  test('says what to do', () => {
    expect(messagesOf([[0, gaveUp]])[0]!.text).toContain(
      '  do    mend the cause, then restore it: perform_action -t pg -a restore\n',
    );
  });

  test('of a storm is one, and bounded', () => {
    const storm = Array.from({ length: 200 }, (_, index): Happened => [0, failed(`r${index}`)]);
    const messages = messagesOf(storm);
    expect(messages).toHaveLength(1);
    expect(messages[0]!.notices).toHaveLength(50);
    expect(messages[0]!.text).toContain('and 150 more, which holdfast history has');
  });

  test('cannot be forged by what a program said', () => {
    const evil = {
      ...gaveUp,
      says: 'refused\n\n0 s  critical: all is well\r\nBcc: x@example.org',
    } as NewEvent;
    const [message] = messagesOf([[0, evil]]);
    expect(message!.text.split('\n').filter((line) => line.startsWith('0 s'))).toHaveLength(1);
    expect(message!.subject).not.toMatch(/[\r\n]/);
  });
});

describe('the same again', () => {
  test('is counted, and told at the end of the window', () => {
    const flapping = [0, 60, 120, 180].flatMap(repaired);
    expect(subjectsOf(flapping)).toEqual([
      '3 error pg was repaired here in 160 ms (+1)',
      '600 error pg failed while it was in service (+1)',
    ]);
    expect(messagesOf(flapping)[1]!.text).toContain(
      '3 more times: pg failed while it was in service\n  last at 180 s',
    );
  });

  test('for hours is told once in each window', () => {
    const hour = Array.from({ length: 60 }, (_, minute) => repaired(minute * 60)).flat();
    expect(messagesOf(hour).map(({ second }) => second)).toEqual([3, 600, 1_200, 1_800, 2_400, 3_000, 3_600]);
  });

  test('is never kept back where it is critical', () => {
    expect(
      subjectsOf([
        [0, gaveUp],
        [60, gaveUp],
      ]),
    ).toHaveLength(2);
  });
});

describe('a notifier is told only', () => {
  const all: Happened[] = [
    [0, failed('pg')],
    [10, condition('92 % full')],
    [20, gaveUp],
  ];
  test.each([
    [allKinds, 3],
    [{ events: ['condition'] }, 1],
    [{ severity: 'error' }, 2],
    [{ severity: 'critical' }, 1],
    [{ resources: ['pg'] }, 2],
    [{ resources: ['mail'] }, 0],
    [{ events: ['paused'] }, 0],
  ])('what %j lets through', (more, count) => {
    expect(messagesOf(all, more)).toHaveLength(count);
  });

  test('of the agent, whatever resources it asked for', () => {
    const crashed = { kind: 'agent-started' as const, after: 'crash' as const, says: 'it died' };
    expect(messagesOf([[0, crashed]], { resources: ['pg'] })).toHaveLength(1);
  });
});
