import type { FencingSettings, NewEvent, NodeFencing, NodeName } from '@holdfast/core';
import type { FenceRecord } from '../keeper/fenceRecord.ts';
import { askFence, type FenceFacts, isProvenDown, judgeFence } from '../keeper/fenceRules.ts';
import type { AgentPorts, ClusterPorts } from '../ports.ts';
import type { World } from '../world.ts';
import { FenceErrand } from './fenceErrand.ts';
import { fenceFactsOf, findFenceCause } from './findFenceCause.ts';
import type { Membership } from './membership.ts';
import { PeoplesFences } from './peoplesFences.ts';

type Given = Readonly<{
  ports: AgentPorts;
  cluster: ClusterPorts;
  world: World;
  membership: Membership;
  emit: (event: NewEvent) => void;
}>;

/**
 * Makes sure that nodes which are gone are down: asks in a transaction, runs the devices, and writes what became of it.
 * When that is to be done is for `judgeFence` to say; what follows from a confirmed fence is for the claims' rules.
 */
export class Fencing {
  readonly #given: Given;
  readonly #stopped = new AbortController();
  readonly #errand: FenceErrand;
  readonly people: PeoplesFences;

  constructor(given: Given) {
    this.#given = given;
    const { signal } = this.#stopped;
    const shared = { ...given, signal, waysFor: (node: NodeName) => this.waysFor(node) };
    this.#errand = new FenceErrand(shared);
    this.people = new PeoplesFences({ ...shared, errand: this.#errand });
  }

  /** Runs until `stop`. */
  async run(): Promise<void> {
    const { ports, cluster } = this.#given;
    while (!this.#stopped.signal.aborted) {
      if (this.#errand.node === undefined) this.#look();
      await ports.clock.sleep(cluster.times.tickEvery, this.#stopped.signal);
    }
  }

  /** Whatever is under way ends at once: the right to do it is lost, or this agent ends. */
  stop(): void {
    this.#stopped.abort('stopping');
  }

  /** How it can be made sure that a node is down; undefined where it cannot. */
  waysFor(node: NodeName): NodeFencing | undefined {
    return this.#settings?.nodes.get(node);
  }

  /** Whether a node that is gone is to be fenced before anything of it is taken over. One that went in order is not. */
  isAwaited(node: NodeName): boolean {
    const { peers } = this.#given.membership;
    return this.waysFor(node) !== undefined && peers.sessionOf(node)?.record.endedBy !== node;
  }

  isProvenDown(node: NodeName): boolean {
    const { peers } = this.#given.membership;
    return isProvenDown(peers.sessionOf(node), peers.fenceOf(node));
  }

  recordOf(node: NodeName): FenceRecord | undefined {
    return this.#given.membership.peers.fenceOf(node)?.record;
  }

  get #settings(): FencingSettings | undefined {
    return this.#given.world.configuration?.fencing;
  }

  #look(): void {
    const { membership } = this.#given;
    if (this.#settings === undefined || !membership.mayAct()) return;
    for (const node of this.#settings.nodes.keys()) {
      const facts = this.#factsOf(node);
      const verdict = facts === undefined ? undefined : judgeFence(facts);
      if (facts === undefined || verdict?.fence !== true) continue;
      void this.#fence(node, facts, verdict.tries);
      return;
    }
  }

  #factsOf(node: NodeName): FenceFacts | undefined {
    const { membership, world, cluster, ports } = this.#given;
    const { peers, own } = membership;
    const nodes = world.configuration?.nodes ?? [];
    if (own === undefined || this.#settings === undefined || !nodes.includes(ports.identity.node))
      return undefined;
    const { delay, retry } = this.#settings;
    const survivors = nodes.filter((one) => one !== node && (one === own.node || peers.live.includes(one)));
    const cause = findFenceCause(node, fenceFactsOf(world, node));
    const revision = cause === undefined ? undefined : peers.claims.get(cause.id)?.revision;
    return {
      now: cluster.bootClock.now(),
      own,
      node,
      session: peers.sessionOf(node),
      endedAt: peers.endedAt(node),
      cause: cause === undefined || revision === undefined ? undefined : { hierarchy: cause.id, revision },
      fence: peers.fenceOf(node),
      others: peers.fenced.filter((one) => one !== node).map((one) => peers.fenceOf(one)!),
      turnRevision: peers.fenceTurn,
      delay: delay * survivors.indexOf(own.node as NodeName),
      retry,
      takeAfter: cluster.times.takeAfter,
    };
  }

  async #fence(node: NodeName, facts: FenceFacts, tries: number): Promise<void> {
    const { clock, log } = this.#given.ports;
    const why = `${node} gave no sign of life, and it had ${facts.cause?.hierarchy}`;
    const request = askFence(facts, { at: clock.wall(), why, tries });
    // Where another was first, or something has changed, the next look sees what.
    await this.#errand
      .run(node, request, facts.session!.revision)
      .catch((error: unknown) =>
        log.error({ event: 'fence-fault', node, error: String(error) }, `fencing ${node} could not go on`),
      );
  }
}
