import {
  type Configuration,
  checkPlan,
  type NodeName,
  planMove,
  type StateOf,
  type Tag,
} from '@holdfast/core';
import { hierarchyOn, show, states, text } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

const alpha = 'alpha' as NodeName;
const beta = 'beta' as NodeName;
const site = hierarchyOn('alpha', 'beta')`
  web    needs db
  report needs db
  db     needs disk
  other
`;

describe('move', () => {
  test('takes everything down on one node before anything comes up on the other', () => {
    const running = states`
      web  ISP
      db   ISP
      disk ISP
    `;
    expect(move(site, 'db', running)).toBe(text`
      remove web on alpha: moves with db
      remove db on alpha after web on alpha: requested
      remove disk on alpha after db on alpha: moves with db
      restore disk on beta after disk on alpha: moves with db
      restore db on beta after disk on beta: requested
      restore web on beta after db on beta: moves with db
    `);
  });

  test('brings along what was in service, and leaves out what was out', () => {
    const running = states`
      report ISP
      db     ISP
      disk   ISP
    `;
    const moved = move(site, 'disk', running);
    expect(moved).toContain('restore report on beta');
    expect(moved).not.toContain('web');
  });

  test('takes down what failed, and does not bring it back unasked', () => {
    const running = states`
      web  OSF
      db   ISP
      disk ISP
    `;
    const moved = move(site, 'db', running);
    expect(moved).toContain('remove web on alpha');
    expect(moved).not.toContain('restore web');
  });

  test('touches no other hierarchy', () => {
    expect(move(site, 'db', () => 'ISP')).not.toContain('other');
  });
});

function move(configuration: Configuration, tag: string, there: StateOf): string {
  const stateOn = (node: NodeName): StateOf => (node === alpha ? there : () => 'OSU');
  const plan = planMove({ configuration, tag: tag as Tag, from: alpha, to: beta, stateOn, basedOn: 0 });
  expect(checkPlan(plan, configuration, stateOn)).toEqual([]);
  return show(plan);
}
