import {
  type BootId,
  type Claim,
  type HierarchyId,
  type NodeName,
  refuseJoin,
  type Tag,
} from '@holdfast/core';
import { configurationOf } from '@holdfast/testkit';
import { expect, test } from '@jest/globals';

const joined = configurationOf({
  resources: { disk: {}, db: { needs: ['disk'] } },
  nodes: ['alpha', 'beta'],
});
const before = [
  { id: 'disk@1' as HierarchyId, tags: ['disk' as Tag] },
  { id: 'db@1' as HierarchyId, tags: ['db' as Tag] },
];

function joining(disk: [string, boolean], db: [string, boolean]) {
  const claim = ([node, clean]: [string, boolean]): Claim =>
    ({ node: node as NodeName, boot: 'boot-1' as BootId, epoch: 1, clean }) as Claim;
  const claims = new Map([
    ['disk@1' as HierarchyId, claim(disk)],
    ['db@1' as HierarchyId, claim(db)],
  ]);
  return refuseJoin(joined, before, claims).map(({ code, path }) => `${code} ${path}`);
}

test('two hierarchies of different nodes do not become one', () => {
  const [said] = joining(['alpha', false], ['beta', false]);
  expect(said).toMatch(/^OWNED_APART resources\.(disk|db)$/);
});

test('those of one node do, and so does one that nobody runs', () => {
  expect(joining(['alpha', false], ['alpha', false])).toEqual([]);
  expect(joining(['alpha', false], ['beta', true])).toEqual([]);
  expect(joining(['alpha', true], ['beta', true])).toEqual([]);
});
