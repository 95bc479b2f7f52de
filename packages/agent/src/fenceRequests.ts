import {
  type ConfirmDownAnswer,
  type FenceNowAnswer,
  type FencesAnswer,
  type FenceTestAnswer,
  type NodeName,
  ok,
  type Problem,
  type Result,
  refuse,
} from '@holdfast/core';
import type { ClusterLoop } from './cluster/clusterLoop.ts';
import type { AgentPorts } from './ports.ts';
import type { World } from './world.ts';

type Given = Readonly<{ ports: AgentPorts; world: World; cluster: ClusterLoop | undefined }>;
type Asked = Readonly<{ by: string; why: string; dryRun: boolean }>;

/** What people ask about the fences of nodes, and what they say of nodes that are down. */
export class FenceRequests {
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  list(): FencesAnswer {
    const { world, cluster, ports } = this.#given;
    const nodes = world.configuration?.nodes ?? [ports.identity.node];
    return {
      fences: nodes.map((node) => {
        const ways = cluster?.fencing.waysFor(node);
        const record = cluster?.fencing.recordOf(node);
        const levels = ways?.levels.map((level) => level.map(({ name }) => name)) ?? [];
        const action = ways === undefined ? {} : { action: ways.action };
        if (record === undefined) return { node, levels, ...action };
        const { session: _session, boot: _boot, bySession: _by, ...fence } = record;
        return { node, levels, ...action, fence };
      }),
    };
  }

  /** The person answers for it: what the node had is taken over at once. */
  async confirmDown(name: string, asked: Asked): Promise<Result<ConfirmDownAnswer>> {
    const found = this.#find(name);
    if (!found.ok) return found;
    const { cluster, node } = found.value;
    const tags = this.#tagsOf(node);
    const problem = cluster.fencing.people.whyNotConfirm(node);
    if (problem !== undefined) return refuse(problem);
    if (asked.dryRun) return ok({ node, tags });
    const refused = await cluster.fencing.people.confirmDown(node, asked);
    return refused === undefined ? ok({ node, tags }) : refuse(refused);
  }

  /** Also a node that gives signs of life: whoever asks for it knows why. */
  async fenceNow(name: string, asked: Asked): Promise<Result<FenceNowAnswer>> {
    const found = this.#find(name);
    if (!found.ok) return found;
    const { cluster, node } = found.value;
    const tags = this.#tagsOf(node);
    const problem = cluster.fencing.people.whyNotFence(node);
    if (problem !== undefined) return refuse(problem);
    if (asked.dryRun) return ok({ node, result: 'not-done', says: '', tags });
    const ended = await cluster.fencing.people.fenceNow(node, asked);
    return ended.ok ? ok({ node, ...ended.value, tags }) : ended;
  }

  async test(name: string): Promise<Result<FenceTestAnswer>> {
    const found = this.#find(name);
    if (!found.ok) return found;
    const { cluster, node } = found.value;
    const devices = await cluster.fencing.people.test(node);
    return ok({ node, devices: [...devices] });
  }

  /** What a node has, by its claims. */
  #tagsOf(node: NodeName): string[] {
    const { world } = this.#given;
    return world.hierarchies.flatMap(({ id, tags }) => {
      const claim = world.claims.get(id);
      return claim?.node === node && !claim.clean ? [...tags] : [];
    });
  }

  #find(name: string): Result<Readonly<{ cluster: ClusterLoop; node: NodeName }>> {
    const { cluster, world, ports } = this.#given;
    const nodes = world.configuration?.nodes ?? [];
    const node = nodes.find((one) => one === name);
    if (cluster === undefined) return refuse(alone(name));
    if (node === undefined) return refuse(unknownNode(name, nodes));
    return node === ports.identity.node ? refuse(itself(name)) : ok({ cluster, node });
  }
}

function alone(name: string): Problem {
  return {
    code: 'UNKNOWN_NODE',
    path: name,
    what: `This node knows no other, and so no ${name}`,
    why: 'its store is embedded: it is alone',
    todo: 'only nodes of a cluster fence each other; see store in agent.yaml',
  };
}

function unknownNode(name: string, nodes: readonly string[]): Problem {
  return {
    code: 'UNKNOWN_NODE',
    path: name,
    what: `There is no node ${name}`,
    why: nodes.length === 0 ? 'no configuration was applied yet' : `the nodes are ${nodes.join(', ')}`,
    todo: 'name one of the nodes of the configuration',
  };
}

function itself(name: string): Problem {
  return {
    code: 'NODE_LIVES',
    path: name,
    what: `${name} is this node`,
    why: 'whoever answers is not down, and no node fences itself',
    todo: `ask on another node; to take this one out of service: holdfast agent stop --take-down`,
  };
}
