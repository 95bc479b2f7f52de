import {
  type Claim,
  type Configuration,
  type Decision,
  type HierarchyId,
  isOut,
  type NewEvent,
  type NodeName,
  type NodeView,
  type Note,
  type QuorumLoss,
  reason,
  type Tag,
  type View,
  type Warning,
} from '@holdfast/core';
import type { Write } from '@holdfast/store';
import type { FenceRecord } from '../keeper/fenceRecord.ts';
import { keys } from '../keys.ts';
import type { AgentPorts, ClusterPorts, KeeperPort } from '../ports.ts';
import { SessionLost, World } from '../world.ts';
import { Drop, mayRun } from './drop.ts';
import { Fading } from './fading.ts';
import { todoFor } from './fenceProblems.ts';
import { Fencing } from './fencing.ts';
import { Membership } from './membership.ts';
import { warningsOf } from './warningsOf.ts';

type Given = Readonly<{
  ports: AgentPorts;
  cluster: ClusterPorts;
  onChange: () => void;
  onNewConfiguration: () => void;
  /** Nothing more may begin. Its caller lets go of everything, by `letGo`. */
  onRightLost: () => void;
  emit: (event: NewEvent) => void;
}>;

/** A request that nobody reached or refused for so long keeps no command waiting. */
const requestLastsMs = 120_000;

/** Who asks when AUTOMATIC switchback does. */
const switchbackAsks = 'switchback';
/** A switchback that was refused is tried again after so long. */
const askAgainAfterMs = 600_000;
/** Waits for a person under a claim; `asked` is the request that stood when that began. */
type Waiting = Readonly<{ epoch: number; asked: string | undefined; says: string }>;

/** What the loop of a node does beside, when the node is one of many. */
export class ClusterLoop {
  readonly world: World;
  readonly drop: Drop;
  readonly fencing: Fencing;
  readonly #given: Given;
  readonly #membership: Membership;
  readonly #fading: Fading;
  /** The right is lost, or about to be: until then what runs here may be taken down in order. */
  #orderlyUntil = 0;
  #isRightLost = false;
  #isFencing = false;
  #dropping: Promise<void> | undefined;
  /** Everything was checked once in this life. Before that, what runs is not known, and nobody may say that all is down. */
  #hasLooked = false;
  #keeper: KeeperPort | undefined;
  #isAsked = false;
  #isLooping = false;
  #told = '';
  #toldJoin = '';
  #refusal: string | undefined;
  readonly #waiting = new Map<HierarchyId, Waiting>();

  constructor(given: Given) {
    this.#given = given;
    const { ports, cluster, onChange } = given;
    this.#membership = new Membership({
      ports,
      cluster,
      onChange,
      onRead: (snapshot) => this.world.takeAll(snapshot),
      onChanges: (changes) => this.world.takeChanges(changes),
    });
    this.world = new World(ports, this.#membership);
    this.world.onChange = onChange;
    this.world.onConfiguration = () => {
      given.onNewConfiguration();
      onChange();
    };
    this.fencing = new Fencing({
      ports,
      cluster,
      world: this.world,
      membership: this.#membership,
      emit: given.emit,
    });
    this.drop = new Drop({ ports, cluster, world: this.world });
    this.#fading = new Fading({
      now: () => cluster.bootClock.now(),
      sleep: (span, signal) => ports.clock.sleep(span, signal),
      tickEvery: cluster.times.tickEvery,
      right: cluster.times.right,
      isToRemove: () => this.#quorumLoss === 'remove' && this.drop.mayRun,
      onFading: (until) => {
        ports.log.error(
          { event: 'right-fades' },
          'no beat is committed: what runs here is taken down in order',
        );
        this.#orderlyUntil = until;
        given.onRightLost();
      },
    });
    this.drop.onLearned = () => this.tellKeeper();
  }

  /** Before anything is looked at, somebody is there who lets go of it if this agent cannot. */
  async look(): ReturnType<World['look']> {
    const { cluster, ports } = this.#given;
    const { onChange } = this.#given;
    this.#keeper = await cluster.openKeeper({
      onRight: (own, until) => {
        this.#fading.right(until);
        this.#membership.hold(own, until);
      },
      onLost: (because) => {
        this.#isRightLost = true;
        this.#lose(because);
      },
      onMayNotJoin: ({ because, fence }) => this.#mayNotJoin(because, fence),
      onAsk: () => {
        this.#isAsked = true;
        // While it looks at everything, and while it ends, there are no turns; what it waits for has budgets.
        if (this.#isLooping) onChange();
        else this.#answer();
      },
      onEnd: () => {
        ports.log.error({ event: 'keeper-ends' }, 'the keeper of this node is gone');
        this.#lose('its keeper is gone');
      },
    });
    return this.world.look();
  }

  #lose(because: string): void {
    this.#given.ports.log.error({ event: 'right-lost', because }, 'the right to act is lost');
    this.#membership.lose();
    this.#given.onRightLost();
  }

  /** The loop has completed a turn. */
  turned(): void {
    this.#isLooping = true;
    if (this.#isAsked) this.#answer();
  }

  /** There are no turns any more; what it still waits for has bounds. */
  ends(): void {
    this.#isLooping = false;
  }

  #answer(): void {
    this.#keeper?.turned();
    this.#isAsked = false;
  }

  /** Agents die here again and again: this one takes everything down in order. */
  get isToLeave(): boolean {
    return this.#keeper?.isToLeave === true;
  }

  /** Everything was checked once: a session begins, and takes over what this node may go on running. */
  async join(): Promise<void> {
    this.#hasLooked = true;
    if (this.#keeper?.phase === 'dropping') {
      await this.letGo();
      throw new SessionLost('what an earlier agent left here had to be let go of; start the agent again');
    }
    this.drop.learn();
    this.#keeper?.begin(this.#runsHere());
    // What an earlier agent told it holds until this one knows as much: it would forget how to let go of what runs.
    if (this.#keeper?.phase === 'idle' || this.drop.isLearned) this.tellKeeper();
    await this.#membership.begin();
    if (this.#refusal !== undefined) {
      // It is not to be started again: only another boot changes this.
      if (!this.drop.mayRun) this.#letKeeperGo();
      throw new SessionLost(this.#refusal);
    }
    await this.world.join();
    await this.#beActive();
    void this.fencing.run();
  }

  /** An agent that died while it stopped left a mark under the session that goes on: this one is not about to stop. */
  async #beActive(): Promise<void> {
    const { node } = this.#given.ports.identity;
    if (this.world.elsewhere.modeOf(node) === undefined) return;
    await this.world.write([{ key: keys.mode(node), value: undefined }]);
  }

  /** What ran before there was a session, and nobody asked for: it is looked at again, and taken over as it is. */
  toBeAdopted(): readonly Tag[] {
    const tags = [...this.world.states].flatMap(([tag, { state }]) =>
      !isOut(state) && this.world.intentOf(tag).want === 'outOfService' && this.world.mayAdopt(tag)
        ? [tag]
        : [],
    );
    for (const tag of tags)
      this.world.setState(tag, { ...this.world.stateOf(tag), state: 'ILLSTATE', reason: 'looked at again' });
    return tags;
  }

  /** Told before anything is taken, and again whenever it changes: what is not known to the keeper takes the node down. */
  tellKeeper(isTaking = false): void {
    const { world, drop } = this;
    const isOurs = world.hierarchies.some(({ tags }) => world.epochOf(tags[0]!) !== undefined);
    const runs = [isTaking || isOurs || drop.mayRun, drop.levels()] as const;
    const says = JSON.stringify(runs);
    if (says !== this.#told) this.#keeper?.runs(...runs);
    this.#told = says;
  }

  mayAct(): boolean {
    return this.#dropping === undefined && this.#membership.mayAct();
  }

  judgeAlive(node: NodeName): NodeView['alive'] {
    return this.#membership.judgeAlive(node);
  }

  /** Takes a hierarchy if that may be now. What is ours from an earlier session is taken once more. */
  async take(id: HierarchyId): Promise<void> {
    const { log } = this.#given.ports;
    const verdict = this.#membership.judgeTake(id);
    if (verdict === undefined || !this.mayAct()) return;
    const isOwn = !verdict.take && ['already-ours', 'own-earlier-life'].includes(verdict.because);
    const transaction = verdict.take ? verdict.transaction : isOwn ? this.#membership.retake(id) : undefined;
    if (transaction === undefined) {
      log.info({ event: 'claim-waits', hierarchy: id, ...verdict }, `${id} cannot be taken yet`);
      return;
    }
    if (this.#waitsForPerson(id)) return;
    this.tellKeeper(true);
    await this.world.transactClaim(transaction, isOwn ? this.#spend(id) : this.#place(id));
    const epoch = this.world.claims.get(id)?.epoch;
    log.info({ event: 'claim', hierarchy: id, epoch }, `claimed ${id}`);
  }

  /** A request is reached, or refused because another took it: either way it is spent. */
  #spend(id: HierarchyId): Write[] {
    return this.world.requests.has(id) ? [{ key: keys.request(id), value: undefined }] : [];
  }

  /** Remembers that an operator put it here; what came by itself is no operator's place any more. */
  #place(id: HierarchyId): Write[] {
    const { world } = this;
    const request = world.requests.get(id);
    const isAsked =
      request?.node === this.#given.ports.identity.node &&
      request.refused === undefined &&
      request.by !== switchbackAsks;
    if (isAsked) {
      const { node, by, at } = request;
      return [...this.#spend(id), { key: keys.placed(id), value: { node, by, at } }];
    }
    return [
      ...this.#spend(id),
      ...(world.placed.has(id) ? [{ key: keys.placed(id), value: undefined }] : []),
    ];
  }

  /** Asks for nodes by itself. What was refused is not asked for again before some time is over. */
  async ask(asks: Decision['asks']): Promise<void> {
    const { ports, onChange } = this.#given;
    const at = ports.clock.wall();
    const open = asks.filter(({ id }) => {
      const before = this.world.requests.get(id);
      return before?.by !== switchbackAsks || at - before.at > askAgainAfterMs;
    });
    if (open.length === 0) return;
    for (const { id, node, says } of open)
      ports.log.warn({ event: 'switchback', hierarchy: id, node }, `${id} is to go back to ${node}: ${says}`);
    await this.world.write(
      open.map(({ id, node }) => ({ key: keys.request(id), value: { node, by: switchbackAsks, at } })),
    );
    onChange();
  }

  /** By the policy of what would not go. What else runs here goes down with the node, and is named. */
  async fenceSelf(says: string): Promise<void> {
    const { ports, cluster } = this.#given;
    if (this.#isFencing) return;
    this.#isFencing = true;
    const falls = [...this.world.states].flatMap(([tag, { state }]) => (isOut(state) ? [] : [tag]));
    ports.log.error({ event: 'fence-self', falls }, `${says}; with it go ${falls.join(', ')}`);
    await cluster.takeNodeDown(says);
  }

  /** Others were told that this boot is down: it must not run anything again. */
  #mayNotJoin(because: string, { by, why, says }: FenceRecord): void {
    const { log, identity } = this.#given.ports;
    const isFenced = because === 'fenced-in-this-boot';
    const what = isFenced
      ? `${identity.node} was fenced in this boot (${says}; ${why}): reboot it before it joins again`
      : `${by} is fencing this node: it does not join before that is settled`;
    if (what === this.#toldJoin) return;
    this.#toldJoin = what;
    log.error({ event: because, by, why, says }, what);
    if (!isFenced) return;
    this.#refusal = what;
    this.#membership.stop();
  }

  /** What people should know of a configuration before a node dies. */
  warnings(configuration: Configuration): readonly Warning[] {
    const { ports, cluster } = this.#given;
    return warningsOf({
      configuration,
      takeoverWithoutFence: cluster.takeoverWithoutFence,
      isExclusive: ({ type }) => ports.kits.isExclusive?.(type) ?? true,
      isProvenDown: (node) =>
        configuration.fencing?.nodes.has(node) === true || this.#membership.hasWatchdog(node),
    });
  }

  /** What waits for a person, for the status. */
  get waiting(): readonly Note[] {
    return this.world.hierarchies.flatMap(({ id, tags }) => {
      const says = this.#sayWaiting(id);
      if (says === undefined) return [];
      return tags.map((tag) => ({ tag, because: reason('owned-elsewhere', says) }));
    });
  }

  #sayWaiting(id: HierarchyId): string | undefined {
    const claim = this.world.claims.get(id);
    if (claim === undefined || claim.clean || claim.node === this.#given.ports.identity.node)
      return undefined;
    // It came back, and settles itself what it had.
    if (this.judgeAlive(claim.node) === 'yes') return undefined;
    const fence = this.fencing.recordOf(claim.node)?.state;
    if (fence === 'asked' || fence === 'failed') return this.#sayFence(claim.node);
    const waiting = this.#waiting.get(id);
    return waiting?.epoch === claim.epoch ? waiting.says : undefined;
  }

  /**
   * Only a fence, a person, or the node's own watchdog proves that a dead node runs nothing. Where a fence is configured, it
   * is waited for; where none is, what destroys data when it runs twice waits for a person. Unless the settings say that time
   * is enough.
   */
  #waitsForPerson(id: HierarchyId): boolean {
    const { ports, cluster } = this.#given;
    const { world } = this;
    const claim = world.claims.get(id);
    const tags = world.hierarchies.find((hierarchy) => hierarchy.id === id)?.tags ?? [];
    const isExclusive = tags.some((tag) => ports.kits.isExclusive?.(world.resource(tag)!.type) ?? true);
    const isOver = claim === undefined || claim.clean || claim.node === ports.identity.node;
    const request = world.requests.get(id);
    // Asked anew since it waits here. When that was is no measure: each node writes the time of its own clock.
    const asked = JSON.stringify(request);
    const waiting = this.#waiting.get(id);
    const before = waiting?.epoch === claim?.epoch ? waiting : undefined;
    const isNew = before !== undefined && before.asked !== asked && request?.by !== switchbackAsks;
    const isAsked = isNew && request?.node === ports.identity.node;
    const isProven = isOver || this.#isProvenDown(claim);
    const isFenced = !isProven && this.fencing.isAwaited(claim.node);
    const isEnough = isFenced ? false : !isExclusive || isAsked;
    if (isProven || cluster.takeoverWithoutFence || isEnough) {
      this.#waiting.delete(id);
      return false;
    }
    const says = isFenced ? this.#sayFence(claim.node) : this.#sayUnproven(claim.node);
    this.#waiting.set(id, { epoch: claim.epoch, asked: before?.asked ?? asked, says });
    if (before !== undefined) return true;
    ports.log.error({ event: 'waits-for-person', hierarchy: id, node: claim.node }, says);
    return true;
  }

  #sayFence(node: NodeName): string {
    const fence = this.fencing.recordOf(node);
    if (fence?.state !== 'failed') return `${node} had it and is gone: it is being fenced`;
    return `${node} had it and is gone, and could not be fenced (${fence.says}): ${todoFor(node)}`;
  }

  #sayUnproven(node: NodeName): string {
    return `${node} had it and is gone, and nothing proves that it runs nothing there: make sure that it is down, then holdfast confirm-down ${node}, or restore it here`;
  }

  /** A fence said so; or its time is over, and its watchdog took it down if nothing else did. */
  #isProvenDown(claim: Claim): boolean {
    return claim.watchdog === true || this.fencing.isProvenDown(claim.node);
  }

  /** Remembers what leaves for a failure, and ends requests that are reached or refused. */
  async settleRequests({ blocked, givesUp }: Decision, view: View): Promise<void> {
    const { world } = this;
    const writes: Write[] = givesUp.map(({ id, failure }) => ({
      key: keys.failure(view.node, id),
      value: failure,
    }));
    for (const [id, request] of world.requests) {
      const tags = world.hierarchies.find((hierarchy) => hierarchy.id === id)?.tags ?? [];
      const isOurs = tags.some((tag) => world.epochOf(tag) !== undefined);
      if (request.refused !== undefined || !isOurs) continue;
      const refusal = blocked.find(
        ({ tag, because }) => because.code === 'request-refused' && tags.includes(tag),
      );
      if (request.node === view.node) writes.push({ key: keys.request(id), value: undefined });
      else if (refusal !== undefined)
        writes.push({ key: keys.request(id), value: { ...request, refused: refusal.because.says } });
    }
    if (writes.length === 0) return;
    for (const { id, failure } of givesUp)
      this.#given.ports.log.warn(
        { event: 'gives-up', hierarchy: id, ...failure },
        `${id} is to leave this node`,
      );
    await world.write(writes);
    this.#given.onChange();
  }

  /** Another node is asked for it, or has it and is at work: how a command ends is not known yet. */
  isOnItsWay(tag: Tag): boolean {
    const request = this.world.requestOf(tag);
    if (request !== undefined && request.refused === undefined)
      return this.#given.ports.clock.wall() - request.at < requestLastsMs;
    const owner = this.world.ownerOf(tag);
    const isElsewhere = owner !== undefined && owner !== this.#given.ports.identity.node;
    // Its owner has still to act on what was asked; a failure of it there is told by its state.
    const there = this.world.statesElsewhere(tag).find(({ node }) => node === owner)?.record;
    return isElsewhere && there !== undefined && there.state !== 'OSF';
  }

  /** Lets go of everything that may run here; what does not go takes the node with it. Ends when all is down. */
  letGo(): Promise<void> {
    this.#dropping ??= this.#letGo();
    return this.#dropping;
  }

  get #quorumLoss(): QuorumLoss {
    return this.world.configuration?.quorumLoss ?? 'drop';
  }

  async #letGo(): Promise<void> {
    const { ports, cluster } = this.#given;
    this.fencing.stop();
    this.#fading.stop();
    if (this.#isRightLost && this.#quorumLoss === 'reboot' && this.drop.mayRun)
      await cluster.takeNodeDown('the right to act is lost, and quorumLoss is reboot');
    const left = await this.drop
      .run(cluster.times.drop, this.#orderlyUntil)
      .catch((error: unknown) => [String(error)]);
    this.#membership.stop();
    if (!this.#hasLooked) {
      // Whoever is there after this agent sees to it: the next one, which looks, or the keeper.
      this.#keeper?.close();
      ports.log.warn({ event: 'drop-not-seen' }, 'the right was lost before anything was looked at');
      return;
    }
    if (left.length === 0) {
      this.#letKeeperGo();
      ports.log.warn({ event: 'dropped' }, 'everything here was let go of');
      return;
    }
    const why = `not surely down: ${left.join(', ')}`;
    ports.log.error({ event: 'node-down', left }, `${why}: this node is taken down`);
    await cluster.takeNodeDown(why);
  }

  /** The agent stops in order: the others need not wait for this node. */
  async leave(): Promise<void> {
    this.fencing.stop();
    // What would not go in order must not run on when this node's time is over.
    const isLeft = this.drop.mayRun;
    if (isLeft) await this.letGo();
    else this.#keeper?.allIsDown();
    try {
      await this.world.endSession();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const says = 'the session could not be ended; the others wait for its time to be over';
      this.#given.ports.log.warn({ event: 'store-failed', error: error.message }, says);
    }
    this.#fading.stop();
    this.#membership.stop();
    if (!isLeft) this.#keeper?.close();
  }

  #letKeeperGo(): void {
    this.#keeper?.allIsDown();
    this.#keeper?.close();
  }

  /** A hierarchy without any claim is not among them: what runs of it is taken over as on a single node. */
  #runsHere(): readonly HierarchyId[] {
    const { world } = this;
    return world.hierarchies
      .filter(({ id, tags }) => world.claims.has(id) && tags.some((tag) => this.#mayRun(tag, id)))
      .map(({ id }) => id);
  }

  /** What is not known counts where this boot of the node may have left it running. */
  #mayRun(tag: Tag, id: HierarchyId): boolean {
    const { state } = this.world.stateOf(tag);
    if (state !== 'ILLSTATE') return mayRun(this.world, tag);
    const claim = this.world.claims.get(id);
    const { node, boot } = this.#given.ports.identity;
    return claim?.node === node && claim.boot === boot && !claim.clean;
  }
}
