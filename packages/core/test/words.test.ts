import { compareDocuments, nearest, parseDuration, sayDuration } from '@holdfast/core';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { holds } from './model/property.ts';

describe('a span of time', () => {
  test.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
  ])('%s is read as %i milliseconds', (written, span) => {
    expect(parseDuration(written)).toBe(span);
  });

  test.each(['', '10', 's', '-1s', '1 s', '1e3s', '1m30s', '10S', `${'9'.repeat(400)}d`])(
    '"%s" is not one',
    (written) => {
      expect(parseDuration(written)).toBeUndefined();
    },
  );

  test('is said so that reading it gives the same', () => {
    holds(
      fc.property(fc.nat({ max: 10_000_000_000 }), (span) => {
        expect(parseDuration(sayDuration(span))).toBe(span);
      }),
    );
  });

  test('is said in the largest unit that divides it', () => {
    expect([0, 1_500, 90_000, 7_200_000].map(sayDuration)).toEqual(['0ms', '1500ms', '90s', '2h']);
  });
});

describe('the nearest known word', () => {
  test('is the one that was probably meant', () => {
    expect(nearest('postgres', ['ip', 'postgresql', 'postfix'])).toBe('postgresql');
    expect(nearest('dsik', ['disk', 'db'])).toBe('disk');
    expect(nearest('dis', ['disk', 'db'])).toBe('disk');
  });

  test('is none where none is near', () => {
    expect(nearest('mail', ['ip', 'filesystem'])).toBeUndefined();
  });

  test('is always the word itself where that is known', () => {
    holds(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(), (known, which) => {
        const word = known[which % known.length]!;
        expect(nearest(word, known)).toBe(word);
      }),
    );
  });
});

describe('the difference between two documents', () => {
  test('names what was added, removed and changed, sorted by place', () => {
    const before = { resources: { db: { port: 1, needs: ['a', 'b'] }, old: {} } };
    const after = { resources: { db: { port: 2, needs: ['b', 'a'] }, new: {} } };
    expect(compareDocuments(before, after).map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'changed resources.db.needs',
      'changed resources.db.port',
      'added resources.new',
      'removed resources.old',
    ]);
  });

  test('is empty exactly when they say the same', () => {
    holds(
      fc.property(fc.jsonValue(), (document) => {
        expect(compareDocuments(document, structuredClone(document))).toEqual([]);
        expect(compareDocuments({ a: document }, { b: document })).toHaveLength(2);
      }),
    );
  });
});
