import {
  type Configuration,
  type NodeName,
  planRemove,
  type RemoveReach,
  type StateOf,
  type Tag,
} from '@holdfast/core';
import { hierarchy, show, states, text } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

const twoDatabases = hierarchy`
  billing  needs disk
  orders   needs disk
  disk
`;
const allUp = () => 'ISP' as const;

describe('remove', () => {
  test('a shared disk is removed only after everything that rests on it', () => {
    expect(remove(twoDatabases, 'disk', allUp)).toBe(text`
      remove billing: rests on disk
      remove orders: rests on disk
      remove disk after billing, orders: requested
    `);
  });

  test('leaves in service what the tag needs', () => {
    expect(remove(twoDatabases, 'billing', allUp)).toBe('remove billing: requested');
  });

  test('of what is out already does nothing, and says so', () => {
    expect(remove(twoDatabases, 'billing', states``)).toBe('not billing: billing is out of service already');
  });

  test('with -b takes what is below along, but what something else still needs', () => {
    expect(remove(twoDatabases, 'billing', allUp, 'whole')).toBe(text`
      remove billing: requested
      not disk: orders still needs it
    `);
    expect(
      remove(
        twoDatabases,
        'billing',
        states`
      billing ISP
      disk    ISP
    `,
        'whole',
      ),
    ).toBe(text`
      remove billing: requested
      remove disk after billing: the whole hierarchy of billing goes
    `);
  });

  test('with -s is refused while anything rests on the tag', () => {
    expect(refusal(twoDatabases, 'disk', allUp)).toMatchObject([{ code: 'PARENT_IN_SERVICE', path: 'disk' }]);
    expect(remove(twoDatabases, 'disk', states`disk ISP`, 'only')).toBe('remove disk: requested');
  });

  test('with -s is refused also while a parent has failed: parts of it may run', () => {
    expect(
      refusal(
        twoDatabases,
        'disk',
        states`
          billing OSF
          disk    ISP
        `,
      ),
    ).toMatchObject([{ code: 'PARENT_IN_SERVICE', why: 'billing rests on it and is OSF' }]);
  });

  test('removes a failed parent before what it needs, for parts of it may run', () => {
    expect(
      remove(
        twoDatabases,
        'disk',
        states`
          billing OSF
          disk    ISP
        `,
      ),
    ).toBe(text`
      remove billing: rests on disk
      remove disk after billing: requested
    `);
  });

  test('a parent that needs any one of a list stays while another of them stays', () => {
    const mirror = hierarchy`
      mirror  needsAny left right
    `;
    expect(remove(mirror, 'left', allUp)).toBe('remove left: requested');
  });

  test('a parent that needs any one of a list goes with the last of them', () => {
    const mirror = hierarchy`
      mirror  needsAny left right
    `;
    const onlyLeft = states`
      mirror ISP
      left   ISP
      right  OSF
    `;
    expect(remove(mirror, 'left', onlyLeft)).toBe(text`
      remove mirror: rests on left
      remove left after mirror: requested
    `);
  });

  test('removes a resource whose protection is paused like any that is in service', () => {
    expect(remove(twoDatabases, 'billing', states`billing ISU`)).toBe('remove billing: requested');
  });

  test('follows `after` where both stop, in the order opposite to starting', () => {
    const branches = hierarchy`
      left  needs disk
      right needs disk after left
    `;
    expect(remove(branches, 'disk', allUp)).toBe(text`
      remove right: rests on disk
      remove left after right: rests on disk
      remove disk after left, right: requested
    `);
  });
});

function plan(configuration: Configuration, tag: string, stateOf: StateOf, reach: RemoveReach) {
  const node = 'alpha' as NodeName;
  return planRemove({ configuration, node, tag: tag as Tag, stateOf, reach, basedOn: 0 });
}

function remove(
  configuration: Configuration,
  tag: string,
  stateOf: StateOf,
  reach: RemoveReach = 'above',
): string {
  const planned = plan(configuration, tag, stateOf, reach);
  if (!planned.ok) throw new Error(planned.problems[0]!.what);
  return show(planned.value);
}

function refusal(configuration: Configuration, tag: string, stateOf: StateOf) {
  const planned = plan(configuration, tag, stateOf, 'only');
  return planned.ok ? [] : planned.problems;
}
