import type { Configuration, NodeName, Tag } from '@holdfast/core';
import { expect, test } from '@jest/globals';
import { warningsOf } from '../src/cluster/warningsOf.ts';

const document = (...nodes: string[]): Configuration =>
  ({
    resources: new Map(['pg', 'ip', 'page'].map((tag) => [tag, { tag, type: tag }])),
    hierarchies: [
      { tags: ['pg', 'ip'] as Tag[], nodes: nodes.map((node, priority) => ({ node, priority })) },
      { tags: ['page'] as Tag[], nodes: nodes.map((node, priority) => ({ node, priority })) },
    ],
  }) as unknown as Configuration;

/** Only a database is destroyed by a double run; of gamma nothing is known now. */
const warn = (configuration: Configuration, guarded: readonly string[], takeoverWithoutFence = false) =>
  warningsOf({
    configuration,
    takeoverWithoutFence,
    isExclusive: ({ tag }) => tag === 'pg',
    isProvenDown: (node: NodeName) => (node === 'gamma' ? undefined : guarded.includes(node)),
  }).map(({ code, says }) => `${code} ${says.split(' dies')[0]}`);

test('it is said beforehand which nodes a hierarchy would wait for', () => {
  expect(warn(document('alpha', 'beta'), [])).toEqual(['waits-for-person pg: when alpha or beta']);
  expect(warn(document('alpha', 'beta'), ['alpha'])).toEqual(['waits-for-person pg: when beta']);
});

test('nothing is said where each node has a watchdog, where there is one node, or where nothing is known', () => {
  expect(warn(document('alpha', 'beta'), ['alpha', 'beta'])).toEqual([]);
  expect(warn(document('alpha'), [])).toEqual([]);
  expect(warn(document('alpha', 'gamma'), ['alpha'])).toEqual([]);
});

test('that a takeover is allowed without proof is said each time', () => {
  expect(warn(document('alpha', 'beta'), [], true)).toEqual([
    'takeover-without-fence pg: taken over from alpha or beta when it',
  ]);
});
