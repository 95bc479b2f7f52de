import type {
  NodeMode,
  NodeName,
  NodeView,
  Note,
  ResourceStatus,
  Status,
  Tag,
  Warning,
} from '@holdfast/core';
import { featureLevel } from '@holdfast/core';
import type { FenceRecord } from './keeper/fenceRecord.ts';
import type { Operations } from './operations.ts';
import type { AgentPorts } from './ports.ts';
import { readinessOn } from './readinessOn.ts';
import type { World } from './world.ts';

export type StatusFacts = Readonly<{
  ports: AgentPorts;
  world: World;
  operations: Operations;
  blocked: readonly Note[];
  startedAt: number;
  phase: Status['agent']['phase'];
  mode: NodeMode;
  alive: (node: NodeName) => NodeView['alive'];
  /** Undefined where the node is alone. */
  quorum: boolean | undefined;
  fence?: (node: NodeName) => FenceRecord | undefined;
  warnings: readonly Warning[];
}>;

const aliveWords = { yes: 'ALIVE', gone: 'DEAD', 'not-known': 'UNKNOWN' } as const;

function lowestLevel({ identity, peers }: AgentPorts, nodes: readonly NodeName[]): number {
  const others = nodes
    .filter((node) => node !== identity.node)
    .map((node) => peers?.(node)?.told?.featureLevel);
  return Math.min(featureLevel, ...others.filter((level) => level !== undefined));
}

function sayQuorum(isThere: boolean): NonNullable<Status['quorum']> {
  const says = isThere
    ? 'this node has the right to act: a quorum of the store answers it'
    : 'this node has no right to act: it has not reached a quorum of the store in time';
  return { isThere, says };
}

/** What people and programs are told, from what the agent knows. */
export function statusOf(facts: StatusFacts): Status {
  const { ports, world, operations, startedAt, phase } = facts;
  const { identity, clock } = ports;
  const { configuration } = world;
  const readiness = world.readinessOfAll();
  const blocked = new Map(facts.blocked.map(({ tag, because }) => [tag, because.says]));
  return {
    schema: 'holdfast.status/1',
    node: identity.node,
    at: clock.wall(),
    agent: { version: identity.version, pid: identity.pid, startedAt, phase },
    featureLevel: lowestLevel(ports, configuration?.nodes ?? []),
    generation: world.record?.generation ?? 0,
    nodes: (configuration?.nodes ?? [identity.node]).map((name) => ({
      name,
      state: name === identity.node ? 'ALIVE' : aliveWords[facts.alive(name as NodeName)],
      mode: name === identity.node ? facts.mode : (world.elsewhere.modeOf(name as NodeName) ?? 'active'),
      ...(name === identity.node ? {} : ports.peers?.(name as NodeName)),
      ...fenceOf(name as NodeName),
    })),
    ...(facts.quorum === undefined ? {} : { quorum: sayQuorum(facts.quorum) }),
    ...(ports.storeStatus === undefined ? {} : { store: ports.storeStatus() }),
    hierarchies: (configuration?.hierarchies ?? []).map(({ tags, nodes, switchback }) => {
      const id = world.hierarchyOf(tags[0]!)?.id;
      const claim = id === undefined ? undefined : world.claims.get(id);
      const owner = claim === undefined || claim.clean ? null : claim.node;
      return {
        id: id ?? tags[0]!,
        tags: [...tags],
        owner,
        epoch: claim?.epoch ?? 0,
        nodes: nodes.map((one) => {
          const found = readiness?.[one.node];
          const isStandby = readiness !== undefined && one.node !== owner && nodes.length > 1;
          return isStandby && (one.node === identity.node || facts.alive(one.node) === 'yes')
            ? { ...one, readiness: readinessOn(one.node, tags, (tag) => found?.[tag]) }
            : { ...one };
        }),
        switchback,
      };
    }),
    resources: [...(configuration?.resources.keys() ?? [])].map((tag) => resourceStatus(tag)),
    ...(world.flags.size === 0 ? {} : { flags: [...world.flags.keys()].sort() }),
    kits: ports.kits.reports().map((report) => ({ ...report })),
    ...(facts.warnings.length === 0 ? {} : { warnings: facts.warnings.map((one) => ({ ...one })) }),
    operations: operations.list().map((operation) => ({ ...operation })),
  };

  function fenceOf(node: NodeName) {
    const fence = facts.fence?.(node);
    if (fence === undefined) return {};
    const { state, says, why, at } = fence;
    return { fence: { state, says: says === '' ? why : says, at } };
  }

  function resourceStatus(tag: Tag): ResourceStatus {
    const resource = world.resource(tag)!;
    const record = world.stateOf(tag);
    const intent = world.intentOf(tag);
    const because = blocked.get(tag);
    const elsewhere = world
      .statesElsewhere(tag)
      .map(({ node, record: { state, reason, since } }) => ({ node, state, reason, since }));
    const acting = operations.acting(tag);
    return {
      tag,
      type: resource.type,
      identity: resource.identity,
      hierarchy: world.hierarchyOf(tag)?.id ?? tag,
      needs: [...resource.needs],
      needsAny: [...resource.needsAny],
      after: [...resource.after],
      want: intent.want,
      wantedBy: intent.by,
      state: record.state,
      reason: record.reason,
      since: record.since,
      conditions: [...record.conditions],
      ...(record.lastCheck === undefined ? {} : { lastCheck: record.lastCheck }),
      ...(world.pauses.has(tag) ? { paused: world.pauses.get(tag)! } : {}),
      ...(because === undefined ? {} : { blocked: because }),
      ...(record.failure === undefined || record.failure.todo === '' ? {} : { todo: record.failure.todo }),
      ...(acting === undefined ? {} : { acting }),
      quickCheckEveryMs: resource.policy.quickCheck.every,
      ...(elsewhere.length === 0 ? {} : { elsewhere }),
    };
  }
}
