import { duration } from '@holdfast/core';
import { z } from 'zod';

const argv = z.tuple([z.string().min(1)], z.string());

const watchdog = z.union([
  z.strictObject({ device: z.string().startsWith('/dev/').describe('Such as /dev/watchdog.') }),
  z.strictObject({
    socket: z.string().startsWith('/').describe('Of a program that stands in for a device.'),
  }),
]);
export type WatchdogSettings = z.output<typeof watchdog>;

const etcd = z.strictObject({
  kind: z.literal('etcd'),
  endpoints: z
    .array(z.url({ protocol: /^https?$/ }))
    .min(1)
    .describe('Every member of etcd, the nearest first.'),
  tls: z
    .strictObject({ ca: z.string(), cert: z.string().optional(), key: z.string().optional() })
    .optional()
    .describe('Files with PEM: the authority of the members, and the certificate and key of this node.'),
  user: z
    .strictObject({ name: z.string().min(1), passwordFile: z.string() })
    .optional()
    .describe('Where etcd has roles.'),
  preset: z
    .enum(['fast', 'balanced', 'cautious'])
    .default('balanced')
    .describe('All times of the cluster; fast needs an etcd with heartbeats of 20ms and elections of 200ms.'),
  times: z
    .strictObject({
      right: duration.optional(),
      drop: duration.optional(),
      answer: duration.optional(),
      margin: duration.optional(),
      renewEvery: duration.optional(),
    })
    .prefault({})
    .describe('In the place of single times of the preset. Every node must have the same.'),
  operationsMax: z
    .int()
    .min(128)
    .default(128)
    .describe(
      'As every member of etcd was started: --max-txn-ops. A configuration of many resources needs more.',
    ),
  takeoverWithoutFence: z
    .boolean()
    .default(false)
    .describe(
      'Take over from a dead node without a person also what would destroy data if it ran twice. Where it has no watchdog, nothing but time and its own keeper then says that it is down there.',
    ),
  agentRestarts: z
    .strictObject({
      most: z.int().min(0).max(100).default(3),
      within: duration.default(600_000),
      afterwards: z
        .enum(['release', 'nodeDown'])
        .default('release')
        .describe('Let the services go to other nodes in order, or take this node down.'),
    })
    .prefault({})
    .describe('An agent that dies or hangs is started again, so many times within so long.'),
  watchdog: watchdog
    .optional()
    .describe(
      'Takes this node down when it is not kicked for right and drop together, whatever has become of the node: then others may take what it ran, without a person.',
    ),
  nodeDown: argv.describe(
    'The program that takes this node down at once when something that it must let go of does not go.',
  ),
});

/** Where the agent keeps what it knows: alone in a file, or with others in etcd. */
export const storeSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('embedded') }),
  etcd,
]);
export type StoreSettings = z.output<typeof storeSettings>;
export type EtcdStoreSettings = Extract<StoreSettings, { kind: 'etcd' }>;
