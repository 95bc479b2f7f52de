import { type NodeName, neverChecked, stateRecord, type Tag } from '@holdfast/core';
import { expect, test } from '@jest/globals';
import { StatesElsewhere } from '../src/cluster/statesElsewhere.ts';

const record = { ...neverChecked, state: 'ISP' as const };

test('what a node wrote before its present session says nothing about how it stands', () => {
  const elsewhere = new StatesElsewhere('alpha' as NodeName);
  const inService = () => elsewhere.of('db' as Tag).map(({ node, record: { state } }) => [node, state]);
  elsewhere.takeSession({ key: 'session/beta', value: { id: 'one' }, revision: 1 }, 'session/');
  elsewhere.takeState({ key: 'state/beta/db', value: record, revision: 2 }, 'state/', stateRecord);
  expect(inService()).toEqual([['beta', 'ISP']]);
  elsewhere.takeSession(
    { key: 'session/beta', value: { id: 'one', endedBy: 'alpha' }, revision: 3 },
    'session/',
  );
  expect(inService()).toEqual([['beta', 'ISP']]);
  elsewhere.takeSession({ key: 'session/beta', value: { id: 'two' }, revision: 4 }, 'session/');
  expect(inService()).toEqual([]);
  elsewhere.takeState({ key: 'state/beta/db', value: record, revision: 5 }, 'state/', stateRecord);
  expect(inService()).toEqual([['beta', 'ISP']]);
});
