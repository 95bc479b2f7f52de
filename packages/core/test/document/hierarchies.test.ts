import { type Problem, readDocument } from '@holdfast/core';
import { documentOf, fakeTypes } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

const resources = { db: {}, web: {}, log: { needs: ['web'] } };

function problemsOf(more: object): string[] {
  const read = readDocument(
    { ...(documentOf({ nodes: ['alpha', 'beta'], resources }) as object), ...more },
    fakeTypes,
  );
  return read.ok ? [] : read.problems.map(({ code, path }: Problem) => `${code} ${path}`);
}

const placed = (...placement: object[]) => problemsOf({ hierarchies: { web: { placement } } });

describe('a wish of placement', () => {
  test('names another hierarchy by any tag in it', () => {
    expect(placed({ with: 'db', kind: 'apart' })).toEqual([]);
    expect(problemsOf({ hierarchies: { db: { placement: [{ with: 'log', kind: 'together' }] } } })).toEqual(
      [],
    );
  });

  test('that names nothing, its own hierarchy, or both ways at once is refused', () => {
    expect(placed({ with: 'bd', kind: 'apart' })).toEqual(['UNKNOWN_RESOURCE hierarchies.web.placement.0']);
    expect(placed({ with: 'log', kind: 'apart' })).toEqual([
      'PLACEMENT_NEVER_ACTS hierarchies.web.placement.0',
    ]);
    expect(placed({ with: 'db', kind: 'apart' }, { with: 'db', kind: 'together' })).toEqual([
      'PLACEMENT_NEVER_ACTS hierarchies.web.placement.1',
    ]);
  });
});

describe('the loss of quorum', () => {
  test('is answered by drop, remove or reboot', () => {
    for (const quorumLoss of ['drop', 'remove', 'reboot']) expect(problemsOf({ quorumLoss })).toEqual([]);
    expect(problemsOf({ quorumLoss: 'poweroff' })).toEqual(['DOCUMENT_SHAPE quorumLoss']);
  });

  test('is not answered by failsafe yet, and that is said', () => {
    expect(problemsOf({ quorumLoss: 'failsafe' })).toEqual(['NOT_BUILT quorumLoss']);
  });

  test('cannot happen to a node that is alone', () => {
    const problems = problemsOf({ nodes: ['alpha'], quorumLoss: 'reboot' });
    expect(problems).toEqual(['POLICY_NEVER_ACTS quorumLoss']);
  });
});

test('policies of members that can never act are refused', () => {
  const alone = { web: { nodes: { alpha: 1 }, policy: { removeFails: 'fenceSelf' } } };
  expect(problemsOf({ hierarchies: alone })).toEqual([
    'POLICY_NEVER_ACTS hierarchies.web.policy.removeFails',
  ]);
  expect(problemsOf({ policy: { preflight: { every: '10ms' } } })).toEqual([
    'POLICY_NEVER_ACTS policy.preflight.every',
  ]);
});
