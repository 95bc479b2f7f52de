import {
  type ConfirmationAnswer,
  chooseOwner,
  type confirmationRequest,
  type HierarchyId,
  type NodeName,
  noFailoverPrefix,
  ok,
  type PreflightAnswer,
  type Problem,
  type preflightRequest,
  type Result,
  readDocument,
  refuse,
  type Tag,
  unknownResource,
  type View,
} from '@holdfast/core';
import type { z } from 'zod';
import type { Asks } from './cluster/asks.ts';
import type { Flags } from './flags.ts';
import { keys } from './keys.ts';
import type { AgentPorts } from './ports.ts';
import type { World } from './world.ts';

type Given = Readonly<{
  ports: AgentPorts;
  world: World;
  flags: Flags;
  asks: Asks;
  view: () => View;
  onChange: () => void;
}>;

/** What operators ask about nodes: whether one could run something, and whether one may take over. */
export class MembershipRequests {
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  /** Could the node run the hierarchy, as the document would have it? The document is read, and not applied. */
  async preflight(request: z.output<typeof preflightRequest>): Promise<Result<PreflightAnswer>> {
    const { ports, world, asks } = this.#given;
    const node = request.node as NodeName;
    const read = readDocument(
      request.document,
      await ports.kits.typesFor(request.document, world.record?.document),
    );
    if (!read.ok) return read;
    const { hierarchies, resources, nodes } = read.value;
    const hierarchy = hierarchies.find(({ tags }) => tags.includes(request.tag as Tag));
    if (hierarchy === undefined) return refuse(unknownResource(read.value, request.tag));
    if (!nodes.includes(node)) return refuse(notListed(node, nodes));
    if (ports.cluster === undefined && node !== ports.identity.node) return refuse(isAlone(node));
    if (node !== ports.identity.node && this.#given.view().nodes[node]?.alive === 'gone')
      return refuse(isDown(node));
    const found = await asks.ask(
      node,
      hierarchy.tags.map((tag) => resources.get(tag)!),
    );
    return found.ok ? ok({ node, resources: [...found.value] }) : found;
  }

  /** Says yes or no to the failover of what a node had that is down. */
  async confirm({
    node: down,
    answer,
    by,
  }: z.output<typeof confirmationRequest>): Promise<Result<ConfirmationAnswer>> {
    const { ports, world, flags, onChange } = this.#given;
    const waiting = this.#waitingFor(down as NodeName);
    if (waiting.length === 0) return refuse(nothingWaits(down));
    const at = ports.clock.wall();
    if (answer === 'no') {
      const flag = `${noFailoverPrefix}${down}`;
      if (!world.flags.has(flag)) await flags.create({ flag, by });
    } else {
      await world.write(waiting.map(({ id, node }) => ({ key: keys.request(id), value: { node, by, at } })));
    }
    ports.log.warn(
      { event: 'failover-confirmed', node: down, answer, by },
      `${by} says ${answer} to the failover of ${down}`,
    );
    onChange();
    return ok({
      hierarchies: answer === 'no' ? [] : waiting.map((one) => ({ ...one, tags: [...one.tags] })),
    });
  }

  /** Hierarchies of a node that is not alive, and who would take each. */
  #waitingFor(down: NodeName): { id: HierarchyId; tags: readonly Tag[]; node: NodeName }[] {
    const { world } = this.#given;
    const view = this.#given.view();
    if (view.nodes[down]?.alive !== 'gone') return [];
    return world.hierarchies.flatMap(({ id, tags }) => {
      const claim = world.claims.get(id);
      const hierarchy = world.configuration?.hierarchies.find((one) => one.tags.includes(tags[0]!));
      if (hierarchy === undefined || claim === undefined || claim.clean || claim.node !== down) return [];
      const node = chooseOwner({ id, hierarchy }, view);
      return node === undefined ? [] : [{ id, tags, node }];
    });
  }
}

function notListed(node: NodeName, nodes: readonly NodeName[]): Problem {
  return {
    code: 'UNKNOWN_NODE',
    path: node,
    what: `There is no node ${node}`,
    why: `the document lists ${nodes.join(', ')}`,
    todo: 'correct the name, or add the node to nodes',
  };
}

function isAlone(node: NodeName): Problem {
  return {
    code: 'NOT_ELIGIBLE',
    path: node,
    what: `${node} cannot be asked whether it is ready`,
    why: 'this node is alone: it has no store in common with others',
    todo: 'set store: in agent.yaml on every node first',
  };
}

function isDown(node: NodeName): Problem {
  return {
    code: 'NOT_ELIGIBLE',
    path: node,
    what: `${node} cannot be asked whether it is ready`,
    why: `${node} is down`,
    todo: `start its agent, and ask again`,
  };
}

function nothingWaits(node: string): Problem {
  return {
    code: 'NOTHING_WAITS',
    path: node,
    what: `Nothing waits for a word about ${node}`,
    why: 'it is not known to be down, or it had nothing, or no node could take what it had',
    todo: 'see what waits, and for what: holdfast status',
  };
}
