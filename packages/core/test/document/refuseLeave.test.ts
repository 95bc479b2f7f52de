import { type Claim, type HierarchyId, nameHierarchies, refuseLeave } from '@holdfast/core';
import { configurationOf } from '@holdfast/testkit';
import { expect, test } from '@jest/globals';

const on = (...nodes: string[]) =>
  configurationOf({
    nodes: ['alpha', 'beta', 'gamma'],
    resources: { db: {}, web: { needs: ['db'] } },
    hierarchies: { web: { nodes: Object.fromEntries(nodes.map((node, rank) => [node, rank + 1])) } },
  });
const before = on('alpha', 'beta');
const hierarchies = nameHierarchies(before, [], 1);
const heldBy = (node: string, clean = false) =>
  new Map([[hierarchies[0]!.id as HierarchyId, { node, boot: 'boot-1', epoch: 3, clean } as Claim]]);

test('a hierarchy is not taken from the node that has it', () => {
  const [problem] = refuseLeave(before, on('beta', 'gamma'), hierarchies, heldBy('alpha'));
  expect(problem).toMatchObject({
    code: 'RESOURCE_IN_SERVICE',
    why: expect.stringContaining('alpha has its'),
  });
  expect(refuseLeave(before, on('alpha', 'gamma'), hierarchies, heldBy('alpha'))).toEqual([]);
});

test('it may leave a node that has released it', () => {
  expect(refuseLeave(before, on('beta', 'gamma'), hierarchies, heldBy('alpha', true))).toEqual([]);
});

test('where it was never allowed, no change is refused for it', () => {
  expect(refuseLeave(before, on('beta'), hierarchies, heldBy('gamma'))).toEqual([]);
});
