import { type Problem, type ResourceType, readDocument } from '@holdfast/core';
import { documentOf, fakeType, fakeTypes, randomDocument } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { holds } from '../model/property.ts';

const address: ResourceType = {
  ...fakeType('ip', ['restore', 'remove', 'quickCheck']),
  settings: z.strictObject({ address: z.string(), prefix: z.int().max(32).default(24) }),
  fields: ['address', 'prefix'],
  identity: (settings) => (settings as { address: string }).address,
};
const types = [...fakeTypes, address];

describe('a document with mistakes', () => {
  test('has all of them reported at once, each with its place', () => {
    const problems = problemsOf({
      nodes: ['alpha', 'beta'],
      resources: {
        egg: { type: 'fake', settings: { name: 'egg' }, needs: ['hen'] },
        hen: { type: 'fake', settings: { name: 'hen' }, needs: ['egg'] },
        web: { type: 'fake', settings: { name: 'web' }, needs: ['dbb'], neeeds: ['x'] },
        db: { type: 'fake', settings: { name: 'db' } },
        twin: { type: 'fake', settings: { name: 'db' } },
        ghost: { type: 'faek', settings: {} },
        vip: { type: 'ip', settings: { address: '10.77.0.50', prefix: 99 } },
        '-x': { type: 'fake', settings: { name: '-x' } },
        quiet: {
          type: 'fake',
          settings: { name: 'quiet' },
          policy: { localRecovery: { enabled: true, attempts: 0 } },
        },
      },
      hierarchies: { db: { nodes: { alpha: 5, beta: 5, gamma: 7 } } },
    });
    expect(problems.map(({ code, path }) => `${code} ${path}`).sort()).toEqual([
      'BAD_SETTING resources.vip.settings.prefix',
      'BAD_TAG resources.-x',
      'CYCLE resources.egg',
      'DOCUMENT_SHAPE resources.web.neeeds',
      'EQUAL_PRIORITIES hierarchies.db.nodes.beta',
      'POLICY_NEVER_ACTS resources.quiet.policy.localRecovery.attempts',
      'SAME_IDENTITY resources.twin',
      'UNKNOWN_NEED resources.web.needs.0',
      'UNKNOWN_NODE hierarchies.db.nodes.gamma',
      'UNKNOWN_TYPE resources.ghost.type',
    ]);
  });

  test('is told what was probably meant', () => {
    const problems = problemsOf({
      nodes: ['alpha'],
      resources: { db: { type: 'faek' }, web: { type: 'fake', settings: { name: 'web' }, needs: ['dbb'] } },
    });
    expect(problems.map(({ todo }) => todo)).toEqual(['did you mean fake?', 'did you mean db?']);
  });

  test('is told of a misspelt setting which there are, and which was probably meant', () => {
    const problems = problemsOf({
      nodes: ['alpha'],
      resources: { vip: { type: 'ip', settings: { address: '10.77.0.50', prefix: 24, adress: 'x' } } },
    });
    expect(problems).toMatchObject([
      { path: 'resources.vip.settings.adress', todo: 'did you mean address?; there are: address, prefix' },
    ]);
  });

  test.each([
    ['a misspelt field at the top', { hierachies: {} }, 'DOCUMENT_SHAPE hierachies'],
    [
      'a policy of the wrong form',
      { policy: { failover: { forget: 10 } } },
      'DOCUMENT_SHAPE policy.failover.forget',
    ],
    [
      'a part that is for later',
      { nodes: [{ name: 'alpha', labels: { rack: '1' } }] },
      'NOT_BUILT nodes.0.labels',
    ],
  ])('with %s is still read to its end', (_, part, expected) => {
    const problems = problemsOf({
      nodes: ['alpha'],
      resources: { db: { type: 'fake', settings: { name: 'db' }, needs: ['disk'] } },
      ...part,
    });
    expect(problems.map(({ code, path }) => `${code} ${path}`).sort()).toEqual(
      [expected, 'UNKNOWN_NEED resources.db.needs.0'].sort(),
    );
  });

  test('without nodes is still read to its end, and calls no node unknown', () => {
    const problems = problemsOf({
      resources: { db: { type: 'fake', settings: { name: 'db' }, needs: ['disk'], nodes: { beta: {} } } },
    });
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'DOCUMENT_SHAPE nodes',
      'UNKNOWN_NEED resources.db.needs.0',
    ]);
  });

  test('calls nothing unknown that is only badly written', () => {
    const problems = problemsOf({
      nodes: ['alpha', { name: 'beta', lables: {} }],
      resources: {
        web: { type: 'fake', settings: { name: 'web' }, needs: ['db'] },
        db: { settings: {}, nodes: { beta: {} } },
      },
      hierarchies: { db: { nodes: { alpha: 1, beta: 2 } } },
    });
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'DOCUMENT_SHAPE nodes.1.lables',
      'DOCUMENT_SHAPE resources.db.type',
    ]);
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'that needs %s, which it does not describe, is refused',
    (name) => {
      const problems = problemsOf({
        nodes: ['alpha'],
        resources: { db: { type: 'fake', settings: { name: 'db' }, needs: [name] } },
      });
      expect(problems.map(({ code }) => code)).toEqual(['UNKNOWN_NEED']);
    },
  );

  test('has a long cycle reported as a walk', () => {
    const count = 1_000;
    const ring = Array.from({ length: count }, (_, index) => [
      `r${index}`,
      { needs: [`r${(index + 1) % count}`] },
    ]);
    const problems = problemsOf(documentOf({ resources: Object.fromEntries(ring) }));
    expect(problems.map(({ code }) => code)).toEqual(['CYCLE']);
  });

  test('has a resource that needs itself reported', () => {
    expect(problemsOf(documentOf({ resources: { db: { needs: ['db'] } } }))).toMatchObject([
      { code: 'CYCLE', what: expect.stringContaining('db -> db') },
    ]);
  });

  test('never makes the reader throw', () => {
    holds(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue()), (input) => {
        expect(readDocument(input, types).ok).toBe(false);
      }),
    );
    holds(
      fc.property(randomDocument(), fc.array(fc.nat()), fc.jsonValue(), (document, path, junk) => {
        const spoilt = structuredClone(documentOf(document)) as Record<string, unknown>;
        spoil(spoilt, path, junk);
        for (const { what, why, todo, path: place } of problemsOf(spoilt))
          expect([what, why, todo, place]).toEqual([
            expect.stringMatching(/./),
            expect.stringMatching(/./),
            expect.stringMatching(/./),
            expect.any(String),
          ]);
      }),
      1000,
    );
  });
});

describe('a sound document', () => {
  test('has no problem', () => {
    holds(fc.property(randomDocument(), (document) => expect(problemsOf(documentOf(document))).toEqual([])));
  });

  test('gives each node its own settings, completed with defaults', () => {
    const read = readDocument(
      {
        nodes: ['alpha', 'beta'],
        resources: {
          vip: { type: 'ip', settings: { address: '10.77.0.50' }, nodes: { beta: { prefix: 16 } } },
        },
      },
      types,
    );
    expect(read.ok && [...read.value.resources.values()][0]!.settings).toEqual({
      alpha: { address: '10.77.0.50', prefix: 24 },
      beta: { address: '10.77.0.50', prefix: 16 },
    });
  });

  test('lets a resource override its hierarchy, and that the whole document', () => {
    const read = readDocument(
      documentOf({
        resources: { db: { policy: { quickCheck: { timeout: '3s' } } }, web: { needs: ['db'] } },
        hierarchies: { web: { policy: { quickCheck: { every: '20s', timeout: '4s' } } } },
        policy: { quickCheck: { every: '30s', inARow: 3 } },
      }),
      types,
    );
    const policies = read.ok ? [...read.value.resources.values()].map(({ policy }) => policy.quickCheck) : [];
    expect(policies).toEqual([
      { every: 20_000, timeout: 3_000, inARow: 3 },
      { every: 20_000, timeout: 4_000, inARow: 3 },
    ]);
  });
});

function problemsOf(input: unknown): readonly Problem[] {
  const read = readDocument(input, types);
  return read.ok ? [] : read.problems;
}

/** Puts junk somewhere into a value, as deep as the path leads. */
function spoil(value: unknown, path: readonly number[], junk: unknown): void {
  const keys = Object.keys(value as object);
  if (keys.length === 0) return;
  const key = keys[(path[0] ?? 0) % keys.length]!;
  const inner = (value as Record<string, unknown>)[key];
  if (path.length > 1 && typeof inner === 'object' && inner !== null) spoil(inner, path.slice(1), junk);
  else (value as Record<string, unknown>)[key] = junk;
}
