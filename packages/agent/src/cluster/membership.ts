import type { HierarchyId, Millis, NodeName, NodeView } from '@holdfast/core';
import type { Changes, Snapshot, Transaction } from '@holdfast/store';
import { PeerWatch } from '../keeper/peerWatch.ts';
import type { SeenPeers, TakeVerdict } from '../keeper/seenPeers.ts';
import type { OwnSession } from '../keeper/sessionRules.ts';
import type { AgentPorts, ClusterPorts } from '../ports.ts';
import { PeerPresence } from './peerPresence.ts';

type Given = Readonly<{
  ports: AgentPorts;
  cluster: ClusterPorts;
  onRead: (snapshot: Snapshot) => void;
  onChanges: (changes: Changes) => void;
  /** Who is alive has changed, or a wait is over. */
  onChange: () => void;
}>;

/**
 * This node among the others: its right to act, and who else is there. It ends the sessions of peers that fell silent;
 * what follows from that is for the loop to decide.
 */
export class Membership {
  readonly #given: Given;
  readonly #watch: PeerWatch;
  /** As the keeper said last: it begins and renews the session. */
  #right: Readonly<{ own: OwnSession; until: Millis }> | undefined;
  #isLost = false;
  readonly #stopped = new AbortController();
  /** Endings that were sent and are not answered, by what they write. */
  readonly #ending = new Set<string>();
  readonly #presence = new PeerPresence();
  #lastSeen = '';

  constructor(given: Given) {
    const { ports, cluster, onRead, onChanges } = given;
    this.#given = given;
    this.#watch = new PeerWatch({
      ...{ times: cluster.times, store: ports.store, bootClock: cluster.bootClock },
      ...{ clock: ports.clock, log: ports.log, onRead, onChanges },
    });
  }

  /** Ends when this node has a session and has read everything, or is stopped. */
  async begin(): Promise<void> {
    const { ports, cluster } = this.#given;
    void this.#watch.run();
    while (!(this.own !== undefined && this.#watch.isInformed) && !this.#stopped.signal.aborted)
      await ports.clock.sleep(cluster.times.tickEvery, this.#stopped.signal);
    void this.#watchPeers();
  }

  stop(): void {
    this.#stopped.abort();
    this.#watch.stop();
  }

  /** The keeper has a session, or renewed it. */
  hold(own: OwnSession, until: Millis): void {
    if (!this.#isLost) this.#right = { own, until };
  }

  /** A right that is lost does not come back to this life of the agent. */
  lose(): void {
    this.#isLost = true;
    this.#right = undefined;
  }

  /** This life of the agent has no right any more, and gets none. */
  get isOver(): boolean {
    return this.#isLost || this.#stopped.signal.aborted;
  }

  get own(): OwnSession | undefined {
    return this.#right?.own;
  }

  /** What was seen of all nodes. */
  get peers(): SeenPeers {
    return this.#watch.peers;
  }

  /** Asked before each step. */
  mayAct(): boolean {
    if (this.own === undefined || !this.#watch.isInformed) return false;
    return this.#given.cluster.bootClock.now() < this.#right!.until;
  }

  judgeAlive(node: NodeName): NodeView['alive'] {
    const { own } = this;
    const { peers } = this.#watch;
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
    const { own } = this;
    const { peers } = this.#watch;
    return own === undefined ? undefined : peers.judgeTake(id, own, this.#given.cluster.bootClock.now());
  }

  /** Whether the watchdog of a node was armed with the session that it has now; undefined when it has none. */
  hasWatchdog(node: NodeName): boolean | undefined {
    const session = this.#watch.peers.sessionOf(node)?.record;
    return session === undefined || session.endedBy !== undefined ? undefined : session.watchdog === true;
  }

  retake(id: HierarchyId): Transaction | undefined {
    const { own } = this;
    const { peers } = this.#watch;
    return own === undefined ? undefined : peers.retake(id, own);
  }

  async #watchPeers(): Promise<void> {
    const { ports, cluster, onChange } = this.#given;
    while (!this.#stopped.signal.aborted) {
      const { own } = this;
      const { peers } = this.#watch;
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
    const { peers } = this.#watch;
    const nodes = new Set([...peers.live, ...[...peers.claims.values()].map(({ record }) => record.node)]);
    const alive = [...nodes].sort().map((node) => `${node} ${this.judgeAlive(node as NodeName)}`);
    return `${this.mayAct()}: ${alive.join(', ')}`;
  }
}
