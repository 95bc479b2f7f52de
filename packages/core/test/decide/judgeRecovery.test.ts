import { type Failure, judgeRecovery, type Policy, type StateRecord, type Tag } from '@holdfast/core';
import { configurationOf, recordOf } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

const now = 10_000_000;
const minute = 60_000;

describe('what should be in service and is not', () => {
  test('is restored when it is only out', () => {
    expect(judge({ record: recordOf('OSU') })).toMatchObject({
      next: 'restore',
      because: { code: 'wanted' },
    });
  });

  test('is recovered in place when a check found it failed', () => {
    expect(judge({ failure: { kind: 'interrupted', evidence: 'port 5432 refused' } })).toMatchObject({
      next: 'recover',
      because: { code: 'check-failed', says: 'port 5432 refused' },
    });
  });

  test('is restarted when its kit cannot recover', () => {
    expect(judge({ type: 'plain', failure: { kind: 'interrupted' } })).toMatchObject({ next: 'restart' });
  });

  test('is restarted when recover failed', () => {
    expect(judge({ failure: { kind: 'recover' } })).toMatchObject({
      next: 'restart',
      because: { code: 'recover-failed' },
    });
  });

  test('is left when its repairs within the period are spent', () => {
    const policy = { localRecovery: { attempts: 2, within: '10m' } };
    const repairs = [now - 9 * minute, now - minute];
    expect(judge({ policy, repairs, failure: { kind: 'interrupted' } })).toMatchObject({
      next: 'leave',
      because: { code: 'recovery-spent' },
    });
    expect(judge({ policy, repairs, failure: { kind: 'recover' } })).toMatchObject({ next: 'leave' });
  });

  test('is repaired again when earlier repairs are older than the period', () => {
    const policy = { localRecovery: { attempts: 2, within: '10m' } };
    const repairs = [now - 10 * minute, now - minute];
    expect(judge({ policy, repairs, failure: { kind: 'interrupted' } })).toMatchObject({ next: 'recover' });
  });

  test('whose repairs were spent when it failed is left however long nobody comes, and tried when its basis changes', () => {
    const policy = { localRecovery: { attempts: 1, within: '10m' } };
    const longAgo = now - 300 * minute;
    const given = { policy, repairs: [longAgo - minute] };
    const failure = { kind: 'interrupted', at: longAgo } as const;
    expect(judge({ ...given, failure })).toMatchObject({ next: 'leave' });
    expect(judge({ ...given, failure: { ...failure, basis: 'before' } })).toMatchObject({ next: 'recover' });
  });

  test('counts no repair that the clock puts into the future', () => {
    const policy = { localRecovery: { attempts: 1 } };
    expect(judge({ policy, repairs: [now + minute], failure: { kind: 'interrupted' } })).toMatchObject({
      next: 'recover',
    });
  });

  test('is only reported where the policy is to report', () => {
    const policy = { notificationOnly: true };
    expect(judge({ policy, failure: { kind: 'interrupted' } })).toMatchObject({
      next: 'leave',
      because: { code: 'notification-only' },
    });
  });

  test('is left where local recovery is disabled', () => {
    const policy = { localRecovery: { enabled: false } };
    expect(judge({ policy, failure: { kind: 'interrupted' } })).toMatchObject({
      next: 'leave',
      because: { code: 'recovery-disabled' },
    });
  });

  test('is not tried again after a restore that failed, on the same basis', () => {
    expect(judge({ failure: { kind: 'restore', basis: 'same' }, basis: 'same' })).toMatchObject({
      next: 'leave',
      because: { code: 'failed-and-spent' },
    });
  });

  test('is restarted again after a repair whose restore failed, as often as the policy allows', () => {
    const failure = { kind: 'restore', evidence: 'killed' } as const;
    const once = judge({ failure, repairs: [now - minute] });
    expect(once).toMatchObject({ next: 'restart', because: { code: 'recover-failed' } });
    const spent = judge({ failure, repairs: [now - 3, now - 2, now - 1] });
    expect(spent).toMatchObject({ next: 'leave', because: { code: 'recovery-spent' } });
    const disabled = { localRecovery: { enabled: false } };
    expect(judge({ failure, repairs: [now - minute], policy: disabled })).toMatchObject({ next: 'leave' });
  });

  test('is not tried again after a command whose restore failed, whatever was repaired before it', () => {
    const failure = { kind: 'restore' } as const;
    const asked = judge({ failure, repairs: [now - 2 * minute], askedAt: now - minute });
    expect(asked).toMatchObject({ next: 'leave', because: { code: 'failed-and-spent' } });
  });

  test('is tried once more after a restore that failed, when what it rests on changed', () => {
    expect(judge({ failure: { kind: 'restore', basis: 'before' }, basis: 'after' })).toMatchObject({
      next: 'restore',
    });
  });

  test.each(['restore', 'remove', 'recover', 'interrupted'] as const)(
    'is restored after a failed %s when an operator asks again',
    (kind) => {
      const policy = { notificationOnly: true };
      expect(
        judge({ policy, failure: { kind, basis: 'same', intentRevision: 0 }, basis: 'same' }),
      ).toMatchObject({
        next: 'restore',
      });
    },
  );
});

function judge(given: {
  type?: string;
  policy?: unknown;
  record?: StateRecord;
  failure?: Partial<Failure>;
  repairs?: number[];
  askedAt?: number;
  basis?: string;
}) {
  const { type = 'fake', policy, failure, repairs = [], basis = 'basis' } = given;
  const configuration = configurationOf({ resources: { db: { type, policy: policy as Policy } } });
  const record = given.record ?? recordOf('OSF', failure && { basis, ...failure }, now);
  return judgeRecovery({
    resource: configuration.resources.get('db' as Tag)!,
    record: { ...record, repairs },
    intent: { want: 'inService', revision: 1, by: 'operator', at: given.askedAt ?? 0, args: [] },
    basis,
  });
}
