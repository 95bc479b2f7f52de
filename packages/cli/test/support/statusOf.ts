import type { ResourceStatus, Status } from '@holdfast/core';

/** The moment at which every status of the tests was written. */
export const writtenAt = Date.UTC(2026, 0, 15, 12, 0, 0);

/** A status in which only what a test is about needs to be said. */
export function statusOf(
  resources: readonly (Partial<ResourceStatus> & { tag: string })[],
  more: Partial<Status> = {},
): Status {
  const hierarchy = `${resources[0]?.tag ?? 'none'}@1`;
  return {
    schema: 'holdfast.status/1',
    node: 'alpha',
    at: writtenAt,
    agent: { version: '0.1.0', pid: 812, startedAt: writtenAt - 86_400_000, phase: 'running' },
    generation: 4,
    nodes: [{ name: 'alpha', state: 'ALIVE', mode: 'active' }],
    hierarchies: [
      {
        id: hierarchy,
        tags: resources.map(({ tag }) => tag),
        owner: 'alpha',
        epoch: 3,
        nodes: [{ node: 'alpha', priority: 1 }],
        switchback: 'INTELLIGENT',
      },
    ],
    resources: resources.map((resource) => ({
      type: 'fake',
      identity: resource.tag,
      hierarchy,
      needs: [],
      needsAny: [],
      after: [],
      want: 'inService',
      wantedBy: 'eve (perform_action)',
      state: 'ISP',
      reason: 'restore has succeeded',
      since: writtenAt - 7_800_000,
      conditions: [],
      quickCheckEveryMs: 10_000,
      ...resource,
    })),
    operations: [],
    ...more,
  };
}

/** A database on its mount and its address; the mount would not come. */
export const troubled = statusOf([
  {
    tag: 'pg',
    type: 'postgresql',
    identity: '/srv/pg/data',
    needs: ['pg-disk', 'pg-ip'],
    state: 'OSU',
    reason: 'never in service here',
    blocked: 'it needs pg-disk, which is OSF',
  },
  {
    tag: 'pg-disk',
    type: 'filesystem',
    identity: '/srv/pg',
    state: 'OSF',
    reason: 'restore failed: mount: /srv/pg: wrong fs type, bad option, bad superblock on /dev/loop7',
    blocked:
      'restore failed: mount: /srv/pg: wrong fs type, bad option, bad superblock on /dev/loop7, missing codepage',
    todo: 'compare fsType with what blkid says of the device, then restore again',
    lastCheck: {
      finding: 'out-of-service',
      evidence: 'nothing is mounted',
      at: writtenAt - 4_000,
      tookMs: 3,
    },
  },
  {
    tag: 'pg-ip',
    type: 'ip',
    identity: '10.77.0.50/24',
    conditions: [{ code: 'LINK_SLOW', says: 'eth0 runs at 100 Mbit/s' }],
  },
]);
