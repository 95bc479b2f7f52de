import { type BeatTimes, deriveTimes, type WrittenDocument } from '@holdfast/core';
import type { Random } from '../simulate/random.ts';

/** How a cluster is kept from running anything twice when a node dies. */
export type Protection =
  /** A node that does not renew its right is reset by its watchdog. */
  | 'watchdog'
  /** Nothing but its own processes: then no node is frozen as a whole, which is the danger that is known. */
  | 'none'
  /** Nothing, and a double run would destroy data: a person is asked. */
  | 'person';

export type Cluster = Readonly<{
  nodes: readonly string[];
  protection: Protection;
  times: BeatTimes;
  /** As an operator writes it. */
  document: unknown;
}>;

/** Few ticks for the same proportions: what the rules compare is the same at any scale. */
const scales = [
  { right: 3_000, drop: 3_000, answer: 2_000, margin: 750, etcd: { heartbeat: 100, election: 500 } },
  { right: 4_000, drop: 2_000, answer: 1_500, margin: 900, etcd: { heartbeat: 100, election: 500 } },
  { right: 6_000, drop: 4_000, answer: 3_000, margin: 1_200, etcd: { heartbeat: 100, election: 1_000 } },
];

export function drawCluster(random: Random): Cluster {
  const nodes = ['alpha', 'beta', 'gamma'].slice(0, random.pick([2, 2, 3]));
  const times = deriveTimes(random.pick(scales));
  if (!times.ok) throw new Error(`the times do not fit: ${JSON.stringify(times.problems)}`);
  const protection = random.pick(['watchdog', 'watchdog', 'none', 'person'] as const);
  return { nodes, protection, times: times.value, document: drawDocument(random, nodes) };
}

/** One or two hierarchies of a few resources that need each other at random, without cycles. */
function drawDocument(random: Random, nodes: readonly string[]): unknown {
  const resources: WrittenDocument['resources'] = {};
  const hierarchies: WrittenDocument['hierarchies'] = {};
  const hierarchyCount = random.pick([1, 1, 2]);
  for (let number = 0; number < hierarchyCount; number += 1) {
    const tags: string[] = [];
    const count = random.pick([1, 2, 3, 4]);
    for (let index = 0; index < count; index += 1) {
      const tag = `${'ab'[number]}${index}`;
      const needs = tags.filter(() => random.often(0.5));
      const needsAny = random.often(0.15) ? tags.filter((one) => !needs.includes(one)) : [];
      if (index > 0 && needs.length + needsAny.length === 0) needs.push(random.pick(tags));
      resources[tag] = {
        type: random.pick(['plain', 'repairable']),
        settings: { name: tag },
        nodes: {},
        ...{ needs, needsAny, after: [], runs: 'one' },
      };
      tags.push(tag);
    }
    const order = random.often(0.5) ? nodes : [...nodes].reverse();
    hierarchies[tags[0]!] = {
      nodes: Object.fromEntries(order.map((node, at) => [node, at + 1])),
      switchback: random.often(0.2) ? 'AUTOMATIC' : 'INTELLIGENT',
      choose: 'order',
      placement: [],
    };
  }
  const policy = {
    quickCheck: { every: '4s', timeout: '1s' },
    localRecovery: { attempts: random.between(1, 2), within: '20s' },
    failover: { enabled: random.often(0.9), forget: '10s' },
  };
  return { nodes: [...nodes], resources, hierarchies, policy, notifiers: {} };
}
