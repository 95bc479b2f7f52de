import {
  type ApplyAnswer,
  type Claim,
  type Configuration,
  decide,
  featureLevel,
  type HelloAnswer,
  type HierarchyId,
  isOut,
  type Note,
  type NotifierSettings,
  type Plan,
  type Result,
  type Status,
  type Tag,
  type TypesAnswer,
  type View,
  type Warning,
} from '@holdfast/core';
import { Monitor } from '@holdfast/engine';
import { Actions } from './actions.ts';
import { Checks } from './checks.ts';
import { Asks } from './cluster/asks.ts';
import { ClusterLoop } from './cluster/clusterLoop.ts';
import { Commands } from './commands.ts';
import { type ApplyRequest, Configuring } from './configuring.ts';
import { Events } from './events.ts';
import { FenceRequests } from './fenceRequests.ts';
import { Flags } from './flags.ts';
import { GivenUp } from './givenUp.ts';
import { GlobalScripts } from './globalScripts.ts';
import { Latch } from './latch.ts';
import { Leaving } from './leaving.ts';
import { MembershipRequests } from './membershipRequests.ts';
import { Operations } from './operations.ts';
import { Pauses } from './pauses.ts';
import type { AgentPorts, Watched } from './ports.ts';
import { Preflights } from './preflights.ts';
import { Requests } from './requests.ts';
import { statusOf } from './statusOf.ts';
import { Suspicions } from './suspicions.ts';
import { Overtaken, SessionLost, StoreFailed, World } from './world.ts';

/** Pause before a turn that the store did not let end is made again. */
const retryMs = 1_000;

/** The same after another node was first: what it did is known already. */
const overtakenMs = 10;

/** How long a stopping agent waits for steps under way before it tells them to stop. */
const patienceMs = 10_000;

/**
 * The agent of one node: observe, decide, act, and again. Level-triggered: what woke the loop does not matter, only
 * how the world stands. A command changes intent and wakes it; so does a check that found something, and a step
 * that ended.
 */
export class Agent {
  readonly #ports: AgentPorts;
  readonly #world: World;
  readonly #operations: Operations;
  readonly #checks: Checks;
  readonly #commands: Commands;
  readonly #givenUp: GivenUp;
  readonly #requests: Requests;
  readonly #configuring: Configuring;
  readonly leaving: Leaving;
  readonly pauses: Pauses;
  readonly flags: Flags;
  readonly membership: MembershipRequests;
  readonly fences: FenceRequests;
  readonly actions: Actions;
  readonly #scripts: GlobalScripts;
  readonly #preflights: Preflights;
  readonly suspicions: Suspicions;
  #pauseEnd = new AbortController();
  /** Undefined where the node is alone. */
  readonly #cluster: ClusterLoop | undefined;
  readonly #monitor: Monitor;
  readonly #deepMonitor: Monitor;
  readonly #wake = new Latch();
  readonly #stopping = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  readonly #startedAt: number;
  readonly events: Events;
  /** The life of each resource that is listened for. */
  #heard: ReadonlyMap<Tag, number> = new Map();
  #blocked: readonly Note[] = [];
  #turns = 0;
  #phase: Status['agent']['phase'] = 'starting';
  #fault: unknown;

  constructor(ports: AgentPorts) {
    this.#ports = ports;
    this.#startedAt = ports.clock.wall();
    this.events = new Events(() => ports.clock.wall());
    this.events.listen((event) => ports.journal.record(event));
    const onChange = () => this.#wake.set();
    // Whoever waits for the end is told; before anybody does, a fault is no exception of its own.
    this.#ended.promise.catch(() => undefined);
    this.#cluster =
      ports.cluster === undefined
        ? undefined
        : new ClusterLoop({
            ports,
            cluster: ports.cluster,
            onChange,
            onNewConfiguration: () =>
              void this.#checks.checkAll().catch((error: unknown) => this.#fail(error)),
            emit: (event) => this.events.emit(event),
            onRightLost: () => this.#fail(new SessionLost('the right to act is lost')),
          });
    this.#world = this.#cluster?.world ?? new World(ports);
    const shared = { ports, world: this.#world, events: this.events, onChange };
    this.#operations = new Operations({
      ...shared,
      whyNotAct: () => this.#whyNotAct(),
      mode: () => this.leaving.mode,
      onRecovered: (tag) => this.#suspectAbove(tag),
      onFault: (error) => this.#fail(error),
    });
    this.#checks = new Checks({
      ...shared,
      stepsBegun: (tag) => this.#operations.stepsBegun(tag),
      isActing: (tag) => this.#operations.isActing(tag),
    });
    this.#givenUp = new GivenUp({ world: this.#world, events: this.events });
    this.#commands = new Commands({ world: this.#world, events: this.events });
    this.#scripts = new GlobalScripts(shared);
    const parts = {
      ...shared,
      operations: this.#operations,
      checks: this.#checks,
      commands: this.#commands,
      scripts: this.#scripts,
    };
    this.#requests = new Requests({
      ...parts,
      view: () => this.#view(),
      waiting: () => this.#cluster?.waiting ?? [],
    });
    this.pauses = new Pauses(parts);
    this.leaving = new Leaving({
      ...parts,
      view: () => this.#view(),
      stop: () => this.stop(),
      isInCluster: this.#cluster !== undefined,
    });
    this.flags = new Flags(shared);
    this.#preflights = new Preflights({ ...shared, onFault: (error) => this.#fail(error) });
    this.membership = new MembershipRequests({
      ...shared,
      flags: this.flags,
      asks: new Asks(shared),
      view: () => this.#view(),
    });
    this.fences = new FenceRequests({ ports, world: this.#world, cluster: this.#cluster });
    this.actions = new Actions({
      ...parts,
      nextEvent: () => this.events.next,
      busy: () => this.#busy(),
      view: () => this.#view(),
      onPreflight: (tag, found) => this.#preflights.note(tag, found),
    });
    this.suspicions = new Suspicions({ ...shared, suspect: (tag) => this.#monitor.suspect(tag) });
    this.#configuring = new Configuring({
      ...parts,
      busy: () => this.#busy(),
      warnings: (configuration) => this.#warnings(configuration),
    });
    this.#monitor = new Monitor({
      clock: ports.clock,
      chance: ports.chance,
      check: (tag) => this.#checks.check(tag).catch((error: unknown) => this.#fail(error)),
    });
    this.#deepMonitor = new Monitor({
      clock: ports.clock,
      chance: ports.chance,
      check: (tag) => this.#checks.check(tag, 'deepCheck').catch((error: unknown) => this.#fail(error)),
    });
    ports.watchers.onSuspicion((tag, why) => {
      ports.log.debug({ event: 'suspicion', tag, why }, `${tag}: ${why}`);
      this.#monitor.suspect(tag);
    });
  }

  /** Begins this node's session, looks at everything once, and starts to act. Throws when it may not begin. */
  async start(): Promise<void> {
    const problems = await (this.#cluster?.look() ?? this.#world.open());
    for (const problem of problems)
      this.#ports.log.error({ event: 'configuration-unreadable', ...problem }, problem.what);
    if (this.#cluster === undefined) await this.flags.dropVolatile();
    this.#publish();
    await this.#checks.checkAll();
    if (this.#cluster !== undefined) {
      await this.#cluster.join();
      await this.flags.dropVolatile();
      await this.#checks.settle(this.#cluster.toBeAdopted());
    }
    await this.#world.save();
    if (this.#phase === 'starting') this.#phase = 'running';
    if (this.#cluster?.isToLeave === true) this.#leaveForGood();
    this.#wake.set();
    void this.#loop();
    void this.#scripts.payOwed().catch((error: unknown) => this.#fail(error));
  }

  /** Agents died here again and again: what runs goes in order, to where somebody looks after it. */
  #leaveForGood(): void {
    const by = 'the keeper: agents do not stay here';
    this.leaving.request({ services: 'takeDown', switchover: true, dryRun: false, by });
  }

  /** Ends when the agent has stopped, or rejects with what made it unable to go on. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Stops acting and leaves the services as they are; steps under way end first. */
  async stop(): Promise<void> {
    if (this.#phase === 'stopping' || this.#phase === 'stopped') return this.ended.catch(() => undefined);
    this.#phase = 'stopping';
    this.#cluster?.ends();
    this.#stopping.abort('stopping');
    this.events.emit({ kind: 'agent-stopping', says: this.leaving.says });
    this.#monitor.close();
    this.#deepMonitor.close();
    this.#preflights.close();
    this.#ports.watchers.close();
    this.#checks.stop();
    const patience = new AbortController();
    const patient = this.#ports.clock.sleep(patienceMs, patience.signal).then(() => {
      if (!patience.signal.aborted) return this.#operations.stop(true);
    });
    await Promise.race([this.#operations.stop(false), patient]);
    patience.abort();
    await this.#world.save();
    await this.#cluster?.leave();
    this.#phase = 'stopped';
    this.events.emit({ kind: 'agent-stopped', left: this.leaving.left() });
    this.#publish();
    this.#wake.set();
  }

  status(): Status {
    const { ports, world, operations } = {
      ports: this.#ports,
      world: this.#world,
      operations: this.#operations,
    };
    return statusOf({
      ports,
      world,
      operations,
      blocked: this.#blocked,
      startedAt: this.#startedAt,
      phase: this.#phase,
      mode: this.leaving.mode,
      alive: (node) => this.#cluster?.judgeAlive(node) ?? 'not-known',
      quorum: this.#cluster === undefined ? undefined : this.#cluster.mayAct(),
      fence: (node) => this.#cluster?.fencing.recordOf(node),
      warnings: world.configuration === undefined ? [] : this.#warnings(world.configuration),
    });
  }

  /** How this node stands, in short, for the other nodes. */
  hello(): HelloAnswer {
    const { identity, clock } = this.#ports;
    return {
      schema: 'holdfast.hello/1',
      node: identity.node,
      version: identity.version,
      featureLevel,
      phase: this.#phase,
      generation: this.#world.record?.generation ?? 0,
      mayAct: this.#whyNotAct() === undefined,
      at: clock.wall(),
    };
  }

  #warnings(configuration: Configuration): readonly Warning[] {
    return this.#cluster?.warnings(configuration) ?? [];
  }

  configuration(): { generation: number; document: unknown } {
    return this.#configuring.current();
  }

  /** The types of the loaded kits, for who is about to describe a resource. */
  types(): TypesAnswer {
    const types = this.#ports.kits.served().map(({ type, actions }) => ({ type, actions: [...actions] }));
    return { types: types.sort((a, b) => (a.type < b.type ? -1 : 1)) };
  }

  /** How many turns the loop has completed: whoever wakes it and sees no more of them knows that it hangs. */
  get turns(): number {
    return this.#turns;
  }

  wake(): void {
    this.#wake.set();
  }

  get configurations(): Pick<Configuring, 'generations' | 'generation'> {
    return this.#configuring;
  }

  /** Who is to be told of what happens, by the configuration in force. */
  get notifierSettings(): readonly NotifierSettings[] {
    return this.#world.configuration?.notifiers ?? [];
  }

  get requests(): Requests {
    return this.#requests;
  }

  /** Switches to a new configuration, and starts nothing. */
  apply(request: ApplyRequest): Promise<Result<ApplyAnswer>> {
    return this.#configuring.apply(request);
  }

  async #loop(): Promise<void> {
    try {
      while (this.#phase === 'running') {
        await this.#wake.wait();
        if (this.#phase !== 'running') break;
        await this.#turn().catch((error: unknown) => this.#tryAgainLater(error));
        // One that the store did not let end counts: the loop is alive, and a restart would mend no disk.
        this.#turns += 1;
        this.#cluster?.turned();
      }
      while (this.#phase !== 'stopped') await this.#wake.wait();
      // With a fault, it ends when everything was let go of.
      if (this.#fault === undefined) this.#ended.resolve();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What could not be written is decided about again; a broken assumption is not hidden by trying once more. */
  async #tryAgainLater(error: unknown): Promise<void> {
    if (!(error instanceof StoreFailed)) throw error;
    if (error instanceof Overtaken) {
      await this.#ports.clock.sleep(overtakenMs, this.#stopping.signal);
      this.#wake.set();
      return;
    }
    this.#ports.log.error(
      { event: 'store-failed', error: error.message },
      `${error.message}; trying again in ${retryMs} ms`,
    );
    await this.#ports.clock.sleep(retryMs, this.#stopping.signal);
    this.#wake.set();
  }

  /** Decides once, and sets in motion what was decided. */
  async #turn(): Promise<void> {
    const pauseEndsIn = await this.pauses.expire();
    this.#wakeIn(pauseEndsIn);
    this.pauses.follow();
    if (this.#cluster?.mayAct() === false) return;
    const { configuration } = this.#world;
    let plans: readonly Plan[] = [];
    if (configuration !== undefined) {
      const view = this.#view();
      const decision = decide(configuration, view);
      this.#givenUp.look(decision.blocked);
      this.#blocked = decision.blocked;
      this.#wakeIn(soonest(pauseEndsIn, decision.againInMs));
      await this.#cluster?.settleRequests(decision, view);
      await this.#cluster?.ask(decision.asks);
      if (decision.fenceSelf !== undefined) await this.#cluster?.fenceSelf(decision.fenceSelf);
      await this.flags.dropOfReturned((node) => view.nodes[node]?.alive === 'yes');
      for (const id of decision.take) await this.#claim(id);
      for (const id of decision.release) await this.#release(id);
      // With the claim the same view leads to steps; one that cannot be taken yet waits for news.
      if (decision.take.some((id) => this.#hasClaim(id))) this.#wake.set();
      this.#blocked = [...decision.blocked, ...(this.#cluster?.waiting ?? [])];
      plans = decision.plans;
      for (const plan of plans) this.#start(plan, view);
      this.#settle(decision.take);
    }
    this.#monitor.watch(this.#checks.rounds());
    this.#deepMonitor.watch(this.#checks.deepRounds());
    this.#preflights.watch();
    this.#listen();
    this.#cluster?.drop.learn();
    this.#cluster?.tellKeeper();
    this.#publish();
    this.leaving.look(plans);
  }

  /** One alarm at a time, for what ends first. */
  #wakeIn(span: number | undefined): void {
    this.#pauseEnd.abort('set anew');
    if (span === undefined) return;
    const alarm = new AbortController();
    this.#pauseEnd = alarm;
    const ringing = AbortSignal.any([alarm.signal, this.#stopping.signal]);
    void this.#ports.clock.sleep(span, ringing).then(() => {
      if (!ringing.aborted) this.#wake.set();
    });
  }

  #start(plan: Plan, view: View): void {
    const commands = this.#commands.behind(plan.steps.map(({ tag }) => tag));
    const cause =
      commands.length > 0
        ? commands.map(({ says }) => says).join('; ')
        : (this.leaving.cause ?? this.#causeOf(plan));
    this.#operations.start(plan, { view, cause, commands: commands.map(({ id }) => id) });
  }

  /** What an operation that nobody commanded is for: the failures that it repairs, else what its steps say. */
  #causeOf(plan: Plan): string {
    const failures = new Set(
      plan.steps.flatMap(({ tag }) => {
        const { failure } = this.#world.stateOf(tag);
        return failure === undefined ? [] : [`${tag} failed: ${failure.evidence}`];
      }),
    );
    const causes =
      failures.size > 0 ? [...failures] : [...new Set(plan.steps.map(({ because }) => because.says))];
    return causes.join('; ');
  }

  #settle(taken: readonly HierarchyId[]): void {
    const busy = new Set(this.#busy());
    const blocked = new Map(this.#blocked.map(({ tag, because }) => [tag, because]));
    const isMoving = (tag: Tag): boolean => {
      const hierarchy = this.#world.hierarchyOf(tag);
      if (hierarchy === undefined) return false;
      if (this.#cluster?.isOnItsWay(tag) === true) return true;
      // While anything of the hierarchy moves, or what it comes after, another decision about it will follow.
      const awaited = blocked.get(tag)?.of;
      if (awaited !== undefined && busy.has(awaited)) return true;
      return taken.includes(hierarchy.id) || hierarchy.tags.some((member) => busy.has(member));
    };
    this.#commands.settle({
      isMoving,
      why: (tag) =>
        this.#world.requestOf(tag)?.refused ?? blocked.get(tag)?.says ?? this.#world.stateOf(tag).reason,
    });
  }

  async #claim(id: HierarchyId): Promise<void> {
    const { node, boot } = this.#ports.identity;
    const before = this.#world.claims.get(id);
    if (this.#cluster !== undefined) {
      await this.#cluster.take(id);
      if (this.#hasClaim(id)) this.#tellMoved(id, before);
      return;
    }
    const epoch = (before?.epoch ?? 0) + 1;
    await this.#world.setClaim(id, { node, boot, epoch, clean: false });
    this.#ports.log.info({ event: 'claim', hierarchy: id, epoch }, `claimed ${id}`);
    this.#tellMoved(id, before);
  }

  /** Told by who took it over. */
  #tellMoved(id: HierarchyId, before: Claim | undefined): void {
    const { node } = this.#ports.identity;
    if (before === undefined || before.node === node) return;
    const tags = this.#world.hierarchies.find((hierarchy) => hierarchy.id === id)?.tags ?? [];
    this.events.emit({ kind: 'moved', hierarchy: id, tags: [...tags], from: before.node, to: node });
  }

  #hasClaim(id: HierarchyId): boolean {
    const claim = this.#world.claims.get(id);
    return claim !== undefined && !claim.clean && claim.node === this.#ports.identity.node;
  }

  async #release(id: HierarchyId): Promise<void> {
    const claim = this.#world.claims.get(id);
    if (claim === undefined) return;
    const runs = this.#world.hierarchies
      .find((hierarchy) => hierarchy.id === id)
      ?.tags.some((tag) => !isOut(this.#world.stateOf(tag).state));
    if (runs === true) return;
    const stays = this.leaving.keepsItsOwn ? { stays: true } : {};
    await this.#world.setClaim(id, { ...claim, clean: true, ...stays });
    this.#ports.log.info({ event: 'release', hierarchy: id, epoch: claim.epoch }, `released ${id}`);
  }

  #view(): View {
    return this.#world.view(this.#busy(), this.leaving.mode);
  }

  #busy(): readonly Tag[] {
    return [...this.#operations.busy(), ...this.#checks.unsettled()];
  }

  /** What is in service is listened for: an event is seen in milliseconds, a round of checks is the net below it. */
  #watched(): readonly Watched[] {
    const { kits, identity } = this.#ports;
    return [...(this.#world.configuration?.resources.values() ?? [])].flatMap((resource) => {
      const { state, rises } = this.#world.stateOf(resource.tag);
      if (state !== 'ISP') return [];
      const watches = kits.watchesOf(resource, identity.node);
      return watches.length === 0 ? [] : [{ tag: resource.tag, life: rises, watches }];
    });
  }

  /** What went wrong before anybody listened is not heard: so it is looked at once, after the listening began. */
  #listen(): void {
    const watched = this.#watched();
    this.#ports.watchers.watch(watched);
    for (const { tag, life } of watched) if (this.#heard.get(tag) !== life) this.#monitor.suspect(tag);
    this.#heard = new Map(watched.map(({ tag, life }) => [tag, life]));
  }

  #suspectAbove(tag: Tag): void {
    for (const parent of this.#world.configuration?.graph.above([tag]) ?? []) this.#monitor.suspect(parent);
  }

  #whyNotAct(): string | undefined {
    if (this.#fault !== undefined || this.#cluster?.mayAct() === false)
      return 'this agent has lost its right to act';
    return this.#phase === 'running' ? undefined : 'the agent is stopping';
  }

  /** A broken assumption, or a lost session: nothing more begins, and whoever started the agent is told. */
  #fail(error: unknown): void {
    if (this.#fault !== undefined) return;
    this.#fault = error;
    this.#cluster?.ends();
    const event = error instanceof SessionLost ? 'session-lost' : 'fault';
    this.#ports.log.error(
      { event, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      'the agent cannot go on',
    );
    this.#monitor.close();
    this.#deepMonitor.close();
    this.#preflights.close();
    this.#ports.watchers.close();
    this.#checks.stop();
    void this.#operations.stop(true);
    // What runs is let go of where the right is lost; after a fault of its own the keeper starts another, which adopts it.
    const mustDrop = this.#cluster !== undefined && error instanceof SessionLost;
    const dropped = mustDrop ? this.#cluster.letGo() : Promise.resolve();
    void dropped.then(() => this.#ended.reject(error));
    this.#phase = 'stopped';
    this.#wake.set();
  }

  #publish(): void {
    this.#ports.publish(this.status());
  }
}

function soonest(...spans: readonly (number | undefined)[]): number | undefined {
  const given = spans.filter((span) => span !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}
