import {
  type FenceTestAnswer,
  type NewEvent,
  type NodeFencing,
  type NodeName,
  ok,
  type Problem,
  type Result,
  refuse,
} from '@holdfast/core';
import { confirmByPerson, fenceByPerson, isProvenDown, mayStillAct } from '../keeper/fenceRules.ts';
import type { AgentPorts, ClusterPorts } from '../ports.ts';
import type { FenceEnd, FenceErrand } from './fenceErrand.ts';
import { cannotWrite, lives, nothingToConfirm, noWay, overtaken, underWay } from './fenceProblems.ts';
import type { Membership } from './membership.ts';

type Given = Readonly<{
  ports: AgentPorts;
  cluster: ClusterPorts;
  membership: Membership;
  errand: FenceErrand;
  emit: (event: NewEvent) => void;
  waysFor: (node: NodeName) => NodeFencing | undefined;
  signal: AbortSignal;
}>;

type DeviceTest = FenceTestAnswer['devices'][number];

/** What people say of nodes that are down, and what they ask of fences. */
export class PeoplesFences {
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  /** Why a person's word about a node is not taken. */
  whyNotConfirm(node: NodeName): Problem | undefined {
    const { peers } = this.#given.membership;
    const session = peers.sessionOf(node);
    if (session === undefined) return nothingToConfirm(node, 'it never joined this cluster');
    if (session.record.endedBy === undefined) return lives(node);
    if (isProvenDown(session, peers.fenceOf(node)))
      return nothingToConfirm(node, 'it is known already that it is down');
    // Else a node whose agent was stopped in order would have to be rebooted for nothing.
    const hasClaims = [...peers.claims.values()].some(({ record }) => record.node === node && !record.clean);
    return hasClaims ? undefined : nothingToConfirm(node, 'it has let go of everything that it had');
  }

  /** Writes that a person knows the node to be down. Answers why not. */
  async confirmDown(
    node: NodeName,
    said: Readonly<{ by: string; why: string }>,
  ): Promise<Problem | undefined> {
    const { membership, ports, emit, errand } = this.#given;
    const { own, peers } = membership;
    const session = peers.sessionOf(node);
    if (own === undefined || session === undefined || !membership.mayAct()) return cannotWrite(node);
    const { by, why } = said;
    const at = ports.clock.wall();
    const transaction = confirmByPerson(own, node, session, peers.fenceOf(node), { person: by, why, at });
    const confirmed = await errand.transact(transaction);
    if (confirmed?.ok !== true) return confirmed === undefined ? cannotWrite(node) : overtaken(node);
    ports.log.warn({ event: 'confirmed-down', node, by, why }, `${by} confirmed that ${node} is down`);
    emit({ kind: 'confirmed-down', node, by, why });
    return undefined;
  }

  /** Why a node cannot be fenced now, if somebody asks for it. */
  whyNotFence(node: NodeName): Problem | undefined {
    const { membership, errand, waysFor, cluster } = this.#given;
    if (waysFor(node) === undefined) return noWay(node);
    if (membership.peers.sessionOf(node) === undefined)
      return nothingToConfirm(node, 'it never joined this cluster');
    if (errand.node !== undefined) return underWay(node);
    const fence = membership.peers.fenceOf(node);
    const times = { now: cluster.bootClock.now(), takeAfter: cluster.times.takeAfter };
    if (fence !== undefined && mayStillAct(fence, times)) return underWay(node, fence.record.by);
    return membership.mayAct() ? undefined : cannotWrite(node);
  }

  /** Ends the session of the node, if it lives, and fences it: from then on it may not act, whatever the device does. */
  async fenceNow(node: NodeName, said: Readonly<{ by: string; why: string }>): Promise<Result<FenceEnd>> {
    const { membership, ports, errand } = this.#given;
    const { own, peers } = membership;
    const session = peers.sessionOf(node);
    if (own === undefined || session === undefined) return refuse(cannotWrite(node));
    const why = said.why === '' ? `asked for by ${said.by}` : `asked for by ${said.by}: ${said.why}`;
    const request = fenceByPerson(own, node, session, peers.fenceOf(node), peers.fenceTurn, {
      person: said.by,
      why,
      at: ports.clock.wall(),
    });
    const ended = await errand.run(node, request, session.revision);
    if (ended === null) return refuse(cannotWrite(node));
    return ended === undefined ? refuse(overtaken(node)) : ok(ended);
  }

  /** Asks each device of a node how it is, and how the power is. */
  async test(node: NodeName): Promise<readonly DeviceTest[]> {
    const { cluster, signal, waysFor } = this.#given;
    const found: DeviceTest[] = [];
    for (const [index, devices] of (waysFor(node)?.levels ?? []).entries())
      for (const device of devices) {
        const works = await cluster.fencer.run({ device, action: 'monitor', node }, signal);
        const asked = works.ok
          ? await cluster.fencer.run({ device, action: 'status', node }, signal)
          : undefined;
        const power = asked?.ok === true ? 'on' : asked?.exitCode === 2 ? 'off' : 'not-known';
        found.push({
          level: index + 1,
          device: device.name,
          works: works.ok && power !== 'not-known',
          power,
          says: (asked ?? works).says,
          tookMs: works.tookMs + (asked?.tookMs ?? 0),
        });
      }
    return found;
  }
}
