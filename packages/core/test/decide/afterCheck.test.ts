import {
  afterCheck,
  type CheckAction,
  type Failure,
  type Finding,
  type State,
  type Want,
} from '@holdfast/core';
import { recordOf } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

type Row = readonly [state: State, finding: Finding, after: State];

describe('a check', () => {
  const rows: readonly Row[] = [
    ['ISP', 'in-service', 'ISP'],
    ['ISP', 'degraded', 'ISP'],
    ['ISP', 'failed', 'OSF'],
    ['ISP', 'timeout', 'OSF'],
    ['ISP', 'out-of-service', 'OSF'],
    ['ISP', 'unknown', 'ISP'],
    ['ISU', 'failed', 'ISU'],
    ['ISU', 'out-of-service', 'ISU'],
    ['OSU', 'in-service', 'ISP'],
    ['OSU', 'out-of-service', 'OSU'],
    ['OSU', 'failed', 'OSF'],
    ['OSU', 'timeout', 'OSU'],
    ['OSU', 'unknown', 'OSU'],
    ['OSF', 'in-service', 'ISP'],
    ['OSF', 'failed', 'OSF'],
    ['OSF', 'unknown', 'OSF'],
    ['ILLSTATE', 'in-service', 'ISP'],
    ['ILLSTATE', 'out-of-service', 'OSU'],
    ['ILLSTATE', 'failed', 'OSF'],
    ['ILLSTATE', 'timeout', 'ILLSTATE'],
    ['ILLSTATE', 'unknown', 'ILLSTATE'],
  ];
  test.each(rows)('on what is %s that answers %s leaves it %s', (state, finding, after) => {
    expect(checked({ state, finding, want: 'inService' }).record.state).toBe(after);
  });

  test('that times out is a failure only after so many in a row', () => {
    const first = checked({ state: 'ISP', finding: 'timeout', inARow: 3, badInARow: 0 });
    expect([first.record.state, first.badInARow]).toEqual(['ISP', 1]);
    const third = checked({ state: 'ISP', finding: 'timeout', inARow: 3, badInARow: 2 });
    expect(third.record).toMatchObject({ state: 'OSF', failure: { kind: 'interrupted' } });
  });

  test('that could not be made neither counts as a failure nor ends a row of failures', () => {
    expect(checked({ state: 'ISP', finding: 'unknown', inARow: 3, badInARow: 2 })).toMatchObject({
      badInARow: 2,
      record: { state: 'ISP' },
    });
  });

  test('that finds what was failed in service again forgets the failure, and counts the rise', () => {
    const { record } = checked({ state: 'OSF', finding: 'in-service', failure: { kind: 'interrupted' } });
    expect(record).toMatchObject({ state: 'ISP', rises: 1 });
    expect(record.failure).toBeUndefined();
  });

  test('that finds what would not go still there does not call it in service', () => {
    const after = checked({ state: 'OSF', finding: 'in-service', failure: { kind: 'remove' } });
    expect(after.record).toMatchObject({ state: 'OSF', failure: { kind: 'remove' } });
  });

  test('that finds a failed resource out lets it be out only when nobody wants it', () => {
    const given = { state: 'OSF', finding: 'out-of-service', failure: { kind: 'restore' } } as const;
    expect(checked({ ...given, want: 'outOfService' }).record.state).toBe('OSU');
    expect(checked({ ...given, want: 'inService' }).record.state).toBe('OSF');
  });

  test('that does not look deep makes nothing good that a deep one found', () => {
    const given = {
      state: 'OSF',
      finding: 'in-service',
      failure: { kind: 'interrupted', foundBy: 'deepCheck' },
    } as const;
    expect(checked({ ...given, action: 'quickCheck' }).record.state).toBe('OSF');
    expect(checked({ ...given, action: 'deepCheck' }).record.state).toBe('ISP');
  });

  test('that finds something running which nobody asked for takes it over as it is', () => {
    for (const state of ['OSU', 'ILLSTATE'] as const) {
      expect(checked({ state, finding: 'in-service', want: 'outOfService' }).isAdopted).toBe(true);
      expect(checked({ state, finding: 'in-service', want: 'inService' }).isAdopted).toBe(false);
    }
  });
});

function checked(given: {
  state: State;
  finding: Finding;
  want?: Want;
  inARow?: number;
  badInARow?: number;
  failure?: Partial<Failure>;
  action?: CheckAction;
}) {
  const {
    action = 'quickCheck',
    state,
    finding,
    want = 'inService',
    inARow = 1,
    badInARow = 0,
    failure,
  } = given;
  return afterCheck({
    record: recordOf(state, failure),
    action,
    check: { finding, evidence: 'seen', at: 5, tookMs: 1, conditions: [] },
    badInARow,
    inARow,
    want,
    intentRevision: 1,
    basis: '',
  });
}
