import {
  afterDeath,
  afterStep,
  beforeStep,
  type Finding,
  type State,
  type StateRecord,
  type StepAction,
} from '@holdfast/core';
import { recordOf } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

type Row = readonly [
  action: StepAction,
  from: State,
  result: 'done' | 'failed' | 'cancelled',
  finding: Finding | undefined,
  after: State,
];

describe('a step', () => {
  const rows: readonly Row[] = [
    ['restore', 'OSU', 'done', undefined, 'ISP'],
    ['restore', 'OSU', 'failed', 'failed', 'OSF'],
    ['restore', 'OSU', 'failed', 'out-of-service', 'OSF'],
    ['recover', 'OSF', 'done', undefined, 'ISP'],
    ['recover', 'OSF', 'failed', 'failed', 'OSF'],
    ['remove', 'ISP', 'done', undefined, 'OSU'],
    ['remove', 'ISP', 'failed', 'in-service', 'ISP'],
    ['remove', 'ISP', 'failed', 'unknown', 'OSF'],
    ['restore', 'OSU', 'cancelled', 'in-service', 'ISP'],
    ['restore', 'OSU', 'cancelled', 'out-of-service', 'OSU'],
    ['restore', 'OSU', 'cancelled', 'unknown', 'OSF'],
  ];
  test.each(rows)('%s of what is %s that was %s, and is then found %s, leaves it %s', (...row) => {
    const [action, from, result, finding, after] = row;
    expect(ended(recordOf(from), action, result, finding).state).toBe(after);
  });

  test('that failed is remembered with what it rested on; one that was stopped is no failure', () => {
    expect(ended(recordOf('OSU'), 'restore', 'failed').failure).toMatchObject({
      kind: 'restore',
      evidence: 'seen',
      intentRevision: 4,
      basis: 'basis',
    });
    expect(ended(recordOf('OSU'), 'restore', 'cancelled').failure).toBeUndefined();
  });

  test('that is done ends the failure before it, and each way into service is counted', () => {
    const failed = recordOf('OSF', { kind: 'restore' });
    expect(ended(failed, 'restore', 'done')).toMatchObject({ rises: 1 });
    expect(ended(failed, 'restore', 'done').failure).toBeUndefined();
    expect(ended(failed, 'remove', 'done')).toMatchObject({ rises: 0, state: 'OSU' });
    expect(ended(failed, 'remove', 'done').failure).toBeUndefined();
  });

  test('of a repair is counted before it is tried, and old repairs are dropped', () => {
    const failed: StateRecord = { ...recordOf('OSF', { kind: 'interrupted' }), repairs: [100, 900] };
    expect(beforeStep(failed, 'recover', 500, 1_000).repairs).toEqual([900, 1_000]);
    expect(beforeStep(failed, 'remove', 500, 1_000).repairs).toEqual([900, 1_000]);
  });

  test('that is not of a repair is not counted', () => {
    const out = recordOf('OSU');
    expect(beforeStep(out, 'restore', 500, 1_000).repairs).toEqual([]);
    expect(beforeStep(recordOf('OSF', { kind: 'interrupted' }), 'restore', 500, 1_000).repairs).toEqual([]);
  });
});

function ended(record: StateRecord, action: StepAction, result: Row[2], finding?: Finding): StateRecord {
  return afterStep({
    record,
    action,
    result,
    evidence: 'seen',
    todo: '',
    finding,
    at: 9,
    intentRevision: 4,
    basis: 'basis',
  });
}

describe('the death of an agent', () => {
  test('in the middle of a step leaves the state unknown until a check says', () => {
    const begun: StateRecord = { ...recordOf('OSU'), begun: 'restore' };
    expect(afterDeath(begun, { isPaused: false })).toMatchObject({ state: 'ILLSTATE', begun: 'restore' });
  });

  test('at the end of a pause leaves the state unknown, for nobody has looked', () => {
    expect(afterDeath(recordOf('ISU'), { isPaused: false }).state).toBe('ILLSTATE');
    expect(afterDeath(recordOf('ISU'), { isPaused: true }).state).toBe('ISU');
  });

  test('leaves unknown what was out, for somebody may have started it since; nobody looks at what is paused', () => {
    expect(afterDeath(recordOf('OSU'), { isPaused: false }).state).toBe('ILLSTATE');
    expect(afterDeath(recordOf('OSU'), { isPaused: true }).state).toBe('OSU');
  });

  test('at any other moment leaves the state as it was', () => {
    for (const state of ['ISP', 'OSF'] as const)
      expect(afterDeath(recordOf(state), { isPaused: false }).state).toBe(state);
  });
});
