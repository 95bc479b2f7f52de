import { type Configuration, type HierarchyRecord, nameHierarchies } from '@holdfast/core';
import { hierarchy, randomConfiguration } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../model/property.ts';

describe('the name of a hierarchy', () => {
  const first = hierarchy`
    web  needs db
    mail
  `;

  test('is made from its first tag and the generation', () => {
    expect(named(first, [], 1)).toEqual({ 'db@1': 'db web', 'mail@1': 'mail' });
  });

  test('stays when a resource is added, whatever the tag', () => {
    const grown = hierarchy`
      web  needs db
      db   needs a-disk
      mail
    `;
    expect(named(grown, nameHierarchies(first, [], 1), 2)).toEqual({
      'db@1': 'a-disk db web',
      'mail@1': 'mail',
    });
  });

  test('is the one of the larger when two join', () => {
    const joined = hierarchy`
      web  needs db mail
    `;
    expect(named(joined, nameHierarchies(first, [], 1), 2)).toEqual({ 'db@1': 'db mail web' });
  });

  test('stays with the larger part when one splits', () => {
    const whole = hierarchy`
      a  needs b
      b  needs c
    `;
    const parts = hierarchy`
      a
      b  needs c
    `;
    expect(named(parts, nameHierarchies(whole, [], 1), 2)).toEqual({ 'a@1': 'b c', 'a@2': 'a' });
  });

  test('is never shared, and every resource has one, through any number of changes', () => {
    holds(
      fc.property(fc.array(randomConfiguration(), { minLength: 1, maxLength: 6 }), (history) => {
        let records: readonly HierarchyRecord[] = [];
        for (const [index, configuration] of history.entries()) {
          records = nameHierarchies(configuration, records, index + 1);
          expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
          expect(records.flatMap(({ tags }) => tags).sort()).toEqual(configuration.graph.tags());
        }
      }),
    );
  });

  test('does not change when nothing does', () => {
    holds(
      fc.property(randomConfiguration(), (configuration) => {
        const records = nameHierarchies(configuration, [], 1);
        expect(nameHierarchies(configuration, records, 2)).toEqual(records);
      }),
    );
  });
});

function named(
  configuration: Configuration,
  before: readonly HierarchyRecord[],
  generation: number,
): Record<string, string> {
  return Object.fromEntries(
    nameHierarchies(configuration, before, generation).map(({ id, tags }) => [id, tags.join(' ')]),
  );
}
