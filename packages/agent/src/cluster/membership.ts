import type { HierarchyId, NodeName, NodeView } from '@holdfast/core';
import type { Changes, Snapshot, Transaction } from '@holdfast/store';
import type { JoinVerdict } from '../keeper/fenceRules.ts';
import type { RightLost } from '../keeper/judgeRight.ts';
import { BeatKeeper } from '../keeper/keepBeats.ts';
import type { TakeVerdict } from '../keeper/seenPeers.ts';
import type { OwnSession } from '../keeper/sessionRules.ts';
import type { AgentPorts, ClusterPorts } from '../ports.ts';
import { PeerPresence } from './peerPresence.ts';

type Given = Readonly<{
  ports: AgentPorts;
  cluster: ClusterPorts;
  /** The hierarchies that have a claim, and of which anything may run here. */
  runsHere: () => readonly HierarchyId[];
  onRead: (snapshot: Snapshot) => void;
  onChanges: (changes: Changes) => void;
  /** Who is alive has changed, or a wait is over. */
  onChange: () => void;
  onRight: (until: number) => void;
  onMayNotJoin: (verdict: Extract<JoinVerdict, { join: false }>) => void;
  drop: (because: RightLost, withinMs: number) => Promise<void>;
}>;

/**
 * This node among the others: its right to act, and who else is there. It ends the sessions of peers that fell silent;
 * what follows from that is for the loop to decide.
 */
export class Membership {
  readonly #given: Given;
  readonly #keeper: BeatKeeper;
  readonly #stopped = new AbortController();
  /** Endings that were sent and are not answered, by what they write. */
  readonly #ending = new Set<string>();
  readonly #presence = new PeerPresence();
  #lastSeen = '';

  constructor(given: Given) {
    const { ports, cluster, ...hooks } = given;
    const { node, boot } = ports.identity;
    this.#given = given;
    this.#keeper = new BeatKeeper({
      ...{ node, boot, times: cluster.times, store: ports.store, bootClock: cluster.bootClock },
      ...{ clock: ports.clock, log: ports.log, newSessionId: cluster.newSessionId, kick: cluster.kick },
      ...{
        runsHere: hooks.runsHere,
        onRead: hooks.onRead,
        onChanges: hooks.onChanges,
        drop: hooks.drop,
        onRight: hooks.onRight,
        onMayNotJoin: hooks.onMayNotJoin,
      },
    });
  }

  /** Begins a session, and keeps it until `stop`. Ends when there is one, or it is stopped. */
  async begin(): Promise<void> {
    const { ports, cluster } = this.#given;
    void this.#keeper.run();
    while (this.own === undefined && !this.#stopped.signal.aborted)
      await ports.clock.sleep(cluster.times.tickEvery, this.#stopped.signal);
    void this.#watchPeers();
  }

  /** No more beats: the session ends by itself, unless it was ended before. */
  stop(): void {
    this.#stopped.abort();
    this.#keeper.stop();
  }

  get own(): OwnSession | undefined {
    return this.#keeper.own;
  }

  /** What was seen of all nodes. */
  get peers(): BeatKeeper['peers'] {
    return this.#keeper.peers;
  }

  /** Asked before each step. */
  mayAct(): boolean {
    return this.#keeper.mayAct();
  }

  judgeAlive(node: NodeName): NodeView['alive'] {
    const { peers, own } = this.#keeper;
    if (peers.live.includes(node)) return 'yes';
    if (own === undefined) return 'not-known';
    const now = this.#given.cluster.bootClock.now();
    const isOver = [...peers.claims].every(
      ([id, { record }]) => record.node !== node || record.clean || peers.judgeTake(id, own, now).take,
    );
    return isOver ? 'gone' : 'not-known';
  }

  /** How long this node has seen another alive, without a break. */
  aliveFor(node: NodeName): number | undefined {
    return this.#presence.aliveFor(node, this.#given.cluster.bootClock.now());
  }

  /** Whether another gave a beat since this agent began. */
  wasSeen(node: NodeName): boolean {
    return this.#presence.wasSeen(node);
  }

  judgeTake(id: HierarchyId): TakeVerdict | undefined {
    const { peers, own } = this.#keeper;
    return own === undefined ? undefined : peers.judgeTake(id, own, this.#given.cluster.bootClock.now());
  }

  retake(id: HierarchyId): Transaction | undefined {
    const { peers, own } = this.#keeper;
    return own === undefined ? undefined : peers.retake(id, own);
  }

  async #watchPeers(): Promise<void> {
    const { ports, cluster, onChange } = this.#given;
    while (!this.#stopped.signal.aborted) {
      const { own, peers } = this.#keeper;
      if (own !== undefined && this.mayAct())
        for (const ending of peers.endingsDue(own, cluster.bootClock.now())) void this.#end(ending);
      this.#presence.note(peers, cluster.bootClock.now());
      const seen = this.#sayWhoIsThere();
      if (seen !== this.#lastSeen) onChange();
      this.#lastSeen = seen;
      await ports.clock.sleep(cluster.times.tickEvery, this.#stopped.signal);
    }
  }

  /** One that is refused was too late: its beat came after all. */
  async #end(ending: Transaction): Promise<void> {
    const [{ key, value }] = ending.write as [Transaction['write'][number]];
    if (this.#ending.has(key)) return;
    this.#ending.add(key);
    const { ports, cluster } = this.#given;
    try {
      const ended = await ports.store.transact({ ...ending, withinMs: cluster.times.right });
      if (ended.ok)
        ports.log.warn(
          { event: 'session-ended', key, session: value },
          `${key} gave no beat: its session is ended`,
        );
    } catch (error) {
      ports.log.warn({ event: 'store-failed', key, error: String(error) }, 'a session could not be ended');
    } finally {
      this.#ending.delete(key);
    }
  }

  #sayWhoIsThere(): string {
    const { peers } = this.#keeper;
    const nodes = new Set([...peers.live, ...[...peers.claims.values()].map(({ record }) => record.node)]);
    const alive = [...nodes].sort().map((node) => `${node} ${this.judgeAlive(node as NodeName)}`);
    return `${this.mayAct()}: ${alive.join(', ')}`;
  }
}
