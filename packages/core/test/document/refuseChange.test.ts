import { type Configuration, refuseChange, type StateOf } from '@holdfast/core';
import { configurationOf, hierarchy, states } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

const before = hierarchy`
  web needs db
`;

describe('a change of the configuration', () => {
  test('may not forget what may still run', () => {
    const after = hierarchy`web`;
    expect(refusals(after, states`db ISP`)).toEqual(['RESOURCE_IN_SERVICE resources.db']);
    expect(refusals(after, states`db OSF`)).toEqual(['RESOURCE_IN_SERVICE resources.db']);
    expect(refusals(after, states`db OSU`)).toEqual([]);
  });

  test('may not let a resource protect something else while it may run', () => {
    const after = configurationOf({
      resources: { web: { needs: ['db'] }, db: { settings: { name: 'db2' } } },
    });
    expect(refusals(after, states`db ISP`)).toEqual(['RESOURCE_IN_SERVICE resources.db']);
  });

  test('may not change the type of what may run', () => {
    const after = hierarchy`
      web needs db
      db  plain
    `;
    expect(refusals(after, states`db ISP`)).toEqual(['RESOURCE_IN_SERVICE resources.db']);
  });

  test('may not let a resource in service need one that is not', () => {
    const after = hierarchy`
      web needs db disk
    `;
    const up = states`
      web ISP
      db  ISP
    `;
    expect(refusals(after, up)).toEqual(['NEED_OUT_OF_SERVICE resources.web.needs']);
  });

  test('names the operation that holds a resource', () => {
    const operation = { id: 'a1-7', cause: 'db failed: it is gone' };
    const [refused] = refuseChange(before, hierarchy`web`, states`db ISP`, () => operation);
    expect(refused).toMatchObject({
      code: 'OPERATION_UNDER_WAY',
      why: 'operation a1-7 is under way on it: db failed: it is gone',
    });
  });

  test('may do all else while resources are in service', () => {
    const after = configurationOf({
      resources: { web: { needs: ['db'] }, db: { settings: { extra: 1 } }, mail: { needs: ['db'] } },
    });
    const up = states`
      web ISP
      db  ISP
    `;
    expect(refusals(after, up)).toEqual([]);
  });
});

function refusals(after: Configuration, stateOf: StateOf): string[] {
  return refuseChange(before, after, stateOf).map(({ code, path }) => `${code} ${path}`);
}
