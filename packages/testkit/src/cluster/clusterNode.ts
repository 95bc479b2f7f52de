import { Agent, type AgentPorts, type ClusterPorts, type KeeperPorts, type Watchdog } from '@holdfast/agent';
import type { BeatTimes, BootId, NodeName, ResourceType, SessionId, Tag } from '@holdfast/core';
import type { ActRequest } from '@holdfast/engine';
import { quietPorts } from '../agent/quietPorts.ts';
import type { Random } from '../simulate/random.ts';
import { KeeperProcess } from './keeperProcess.ts';
import type { KitTemper } from './kitTemper.ts';
import { Machine } from './machine.ts';
import type { ResourceWorld } from './resourceWorld.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedEtcd } from './simulatedEtcd.ts';
import { runAbort, simulatedKits } from './simulatedKits.ts';
import { SimulatedProcess } from './simulatedProcess.ts';
import { StorePath } from './storePath.ts';

export type NodeGiven = Readonly<{
  scheduler: Scheduler;
  random: Random;
  etcd: SimulatedEtcd;
  times: BeatTimes;
  types: readonly ResourceType[];
  exclusive: boolean;
  takeoverWithoutFence: boolean;
  hasWatchdog: boolean;
  temperOf: (node: string, tag: Tag) => KitTemper;
  isCalm: () => boolean;
  tell: (line: string) => void;
  violate: (what: string) => void;
  onAct: (node: ClusterNode, request: ActRequest) => void;
  onLetGo: (node: ClusterNode, tag: Tag, by: SimulatedProcess) => void;
  /** Changes what the agent has of the world: where a planted fault is put in. */
  wrap: (ports: AgentPorts, node: ClusterNode) => AgentPorts;
  /** The same of what its keeper has. */
  wrapKeeper: (ports: OfKeeper, node: ClusterNode) => OfKeeper;
}>;

/** What a keeper has of the world beside its process. */
export type OfKeeper = Omit<KeeperPorts, 'clock' | 'bootClock' | 'killAgent'>;

const turnsMax = 200;

/** One node: its machine, its way to the store, and the lives of its agent and keeper. */
export class ClusterNode {
  readonly name: NodeName;
  readonly machine: Machine;
  readonly path: StorePath;
  readonly #given: NodeGiven;
  readonly #world: () => ResourceWorld;
  agent: Agent | undefined;
  process: SimulatedProcess | undefined;
  keeper: KeeperProcess | undefined;
  /** The revision up to which the present life of the agent was told of everything. */
  seen = 0;
  #lives = 0;
  #sessions = 0;
  #kicks = 0;
  /** Where there is none, the keeper starts agents again. */
  readonly #hasServiceManager: boolean;
  readonly #restarts: KeeperPorts['care']['restarts'];
  #suspect: (tag: Tag) => void = () => undefined;

  constructor(name: string, given: NodeGiven, world: () => ResourceWorld) {
    this.name = name as NodeName;
    this.#given = given;
    this.#world = world;
    const { scheduler, random, etcd } = given;
    this.machine = new Machine(name, scheduler, 0.995 + random.fraction() / 100);
    this.path = new StorePath(etcd, scheduler, random);
    this.#hasServiceManager = random.often(0.5);
    this.#restarts = {
      most: random.pick([1, 3]),
      within: 600_000,
      afterwards: random.pick(['release', 'release', 'nodeDown'] as const),
    };
  }

  powerOn(): void {
    if (this.machine.isUp) return;
    this.machine.powerOn();
    this.#tell('boots');
    this.startAgent();
  }

  powerOff(why: string, backAfter?: number): void {
    if (!this.machine.isUp) return;
    this.#tell(`is without power: ${why}`);
    this.#kicks += 1;
    this.machine.powerOff();
    this.#world().powerOff(this.name);
    this.agent = undefined;
    this.process = undefined;
    this.keeper = undefined;
    const { scheduler, random, isCalm } = this.#given;
    const back = backAfter ?? (isCalm() ? 1_000 : random.pick([500, 3_000, 10_000, 40_000]));
    scheduler.after(back, () => this.powerOn());
  }

  /** The process of the agent alone dies; programs that it started die with it. */
  killAgent(): void {
    this.process?.die();
  }

  freeze(span: number, isSuspended: boolean): void {
    this.machine.freeze(span, { isSuspended }, () => this.#world().thaw(this.name));
  }

  /** Whoever was away is on its way back. */
  recover(): void {
    this.#given.scheduler.after(1_000, () => {
      this.powerOn();
      this.startAgent();
    });
    for (const process of [this.process, this.keeper?.process])
      if (process !== undefined) process.callsToLive = undefined;
  }

  /** What its agent says of each resource that is not in service. */
  explain(): readonly string[] {
    const status = this.agent?.status();
    return (status?.resources ?? []).map(({ tag, state }) => {
      const why = this.agent!.requests.why(tag);
      return `${this.name}: ${tag} is ${state}: ${why.ok ? why.value.because.map(({ says }) => says).join('; ') : ''}`;
    });
  }

  suspect(tag: Tag): void {
    this.#suspect(tag);
  }

  startAgent(): void {
    if (!this.machine.isUp || this.process !== undefined) return;
    this.#lives += 1;
    const life = this.#lives;
    const { scheduler, tell, violate, wrap } = this.#given;
    const process = new SimulatedProcess(this.machine, scheduler);
    this.process = process;
    this.seen = 0;
    const agent = new Agent(wrap(this.#ports(process, life), this));
    this.agent = agent;
    this.#tell(`agent ${life} starts`);
    process.onDeath(() => {
      this.#tell(`agent ${life} is dead`);
      this.#halfDone();
      this.agent = undefined;
      this.process = undefined;
      this.#startAgentAfter(this.#untilSomebodyDoes());
    });
    const end = (): void => process.die();
    agent.ended.then(end, (error: unknown) => {
      if (!isExpected(error)) violate(`${this.name}: the agent could not go on: ${says(error)}`);
      end();
    });
    agent.start().catch((error: unknown) => {
      if (!isExpected(error)) violate(`${this.name}: the agent could not start: ${says(error)}`);
      end();
    });
    agent.events.listen((event) => {
      if (process.isDead) return;
      if (event.kind === 'step-ended')
        tell(`${this.name}: ${event.action} of ${event.tag}: ${event.result}: ${event.evidence}`);
      if (event.kind === 'state-changed') tell(`${this.name}: ${event.tag} is ${event.to}: ${event.reason}`);
      if (event.kind === 'command-ended') tell(`${this.name}: command ${event.command}: ${event.result}`);
    });
  }

  /** Its service manager, or, where the keeper should and cannot, a person. */
  #untilSomebodyDoes(): number {
    const { random, isCalm } = this.#given;
    if (this.#hasServiceManager) return isCalm() ? 200 : random.pick([50, 500, 3_000, 15_000]);
    return isCalm() ? 5_000 : 20_000;
  }

  #startAgentAfter(span: number): void {
    const { boot } = this.machine;
    this.#given.scheduler.after(span, () => {
      if (this.machine.boot === boot) this.startAgent();
    });
  }

  /** What died with its agent is done, half done or not begun. */
  #halfDone(): void {
    const { random } = this.#given;
    const world = this.#world();
    for (const [tag, reality] of world.on(this.name)) {
      const { acting } = reality;
      if (acting === undefined) continue;
      const whole = { running: acting !== 'remove', broken: false };
      // A remove brings nothing up.
      const half = acting === 'remove' ? { broken: true } : { running: true, broken: true };
      world.change(this.name, tag, { ...random.pick([whole, half, {}]), acting: undefined });
    }
  }

  #ports(process: SimulatedProcess, life: number): AgentPorts {
    const { scheduler, random, types, exclusive, temperOf, isCalm, onAct, tell } = this.#given;
    const kits = simulatedKits({
      ...{ process, scheduler, world: this.#world(), random, types, exclusive, temperOf, isCalm },
      onAct: (request) => onAct(this, request),
      onLetGo: () => undefined,
    });
    const store = this.path.open(process, (revision) => {
      if (this.process === process) this.seen = Math.max(this.seen, revision);
    });
    const silent = () => undefined;
    return {
      identity: {
        node: this.name,
        boot: this.machine.bootId as BootId,
        session: `${this.name}-${life}` as SessionId,
        version: '0',
        pid: life,
      },
      clock: process.clock(),
      chance: random,
      store: { ...store, read: process.mortal(store.read), transact: process.mortal(store.transact) },
      kits: { ...kits, act: process.mortal(kits.act), check: process.mortal(kits.check) },
      watchers: {
        watch: silent,
        onSuspicion: (listener) => {
          this.#suspect = (tag) => process.deliver(() => listener(tag, 'a break'));
        },
        close: silent,
      },
      ...quietPorts,
      publish: this.#countTurns(),
      log: {
        debug: silent,
        info: silent,
        warn: silent,
        error: (_, line) => tell(`${this.name} log: ${line}`),
      },
      cluster: this.#clusterPorts(process),
    };
  }

  /** A loop that comes to no rest within one moment would never let the next one come. */
  #countTurns(): () => void {
    const { scheduler, violate } = this.#given;
    let moment = 0;
    let turns = 0;
    return () => {
      turns = scheduler.moments === moment ? turns + 1 : 0;
      moment = scheduler.moments;
      if (turns < turnsMax) return;
      violate(`the agent of ${this.name} decides again and again without end`);
      throw new Error('it goes on without end');
    };
  }

  #clusterPorts(process: SimulatedProcess): ClusterPorts {
    const { times, takeoverWithoutFence } = this.#given;
    return {
      times,
      takeoverWithoutFence,
      bootClock: this.machine.bootClock,
      // No world has fence devices yet: nothing calls them.
      fencer: {
        run: async () => ({ ok: false, exitCode: 1, says: 'there is no such device', tookMs: 0 }),
        findProblems: async () => [],
      },
      openKeeper: async (ears) => (await this.#findKeeper(process)).connect(process, ears),
      runAbort: (step) => this.#runAbort(process, step),
      takeNodeDown: (why) => this.#goDown(why),
    };
  }

  /** The one that is there, or another, which takes a moment to start. */
  async #findKeeper(agent: SimulatedProcess): Promise<KeeperProcess> {
    const { scheduler, random, wrapKeeper } = this.#given;
    if (this.keeper?.process.isDead === false) return this.keeper;
    await agent.clock().sleep(random.between(20, 400), new AbortController().signal);
    const process = new SimulatedProcess(this.machine, scheduler);
    const watchdog = this.#openWatchdog();
    this.keeper = new KeeperProcess({
      ...{ process, scheduler, random },
      ports: wrapKeeper(this.#keeperPorts(process, watchdog), this),
      onRest: (isSurelyDown) => {
        this.#tell('keeper rests');
        if (isSurelyDown) watchdog.disarm();
      },
    });
    return this.keeper;
  }

  #keeperPorts(process: SimulatedProcess, watchdog: Watchdog): OfKeeper {
    const { times, hasWatchdog, random } = this.#given;
    const silent = () => undefined;
    return {
      node: this.name,
      boot: this.machine.bootId,
      times,
      care: {
        askEvery: times.hangsAfter / 5,
        hangsAfter: times.hangsAfter,
        startsWithin: times.turnWithin - times.hangsAfter,
        turnWithin: times.turnWithin,
        restarts: this.#restarts,
      },
      store: this.path.open(process, silent),
      log: {
        debug: silent,
        info: silent,
        warn: (_, line) => this.#tell(`keeper: ${line}`),
        error: (_, line) => this.#tell(`keeper: ${line}`),
      },
      newSessionId: () => {
        this.#sessions += 1;
        return `${this.name}-session-${this.#sessions}`;
      },
      ...(hasWatchdog ? { watchdog } : {}),
      startAgent: () => {
        if (!this.#hasServiceManager) this.#startAgentAfter(random.pick([50, 300, 2_000]));
      },
      runAbort: (step) => this.#runAbort(process, step),
      takeNodeDown: (why) => this.#goDown(why),
    };
  }

  #runAbort(by: SimulatedProcess, step: Parameters<typeof runAbort>[1]): Promise<void> {
    const { scheduler, random, temperOf, isCalm, onLetGo } = this.#given;
    return runAbort(
      {
        ...{ process: by, scheduler, world: this.#world(), random, temperOf, isCalm },
        onLetGo: (tag) => onLetGo(this, tag, by),
      },
      step,
    );
  }

  /** As one keeper has it: it runs from when that opens it, whatever becomes of the keeper. */
  #openWatchdog(): Watchdog & Readonly<{ disarm: () => void }> {
    let isOpen = false;
    return {
      arm: async () => {
        if (!isOpen) this.#kick();
        isOpen = true;
      },
      kick: () => {
        if (isOpen) this.#kick();
      },
      disarm: () => {
        if (isOpen) this.#kicks += 1;
      },
    };
  }

  #kick(): void {
    this.#kicks += 1;
    const kick = this.#kicks;
    const { scheduler, times } = this.#given;
    scheduler.after(this.machine.spanOf(times.watchdogTimeout), () => {
      if (this.#kicks === kick) this.powerOff('its watchdog bites');
    });
  }

  /** The way down may hang where a watchdog is there for that. */
  #goDown(why: string): Promise<void> {
    const { scheduler, random, hasWatchdog, isCalm } = this.#given;
    this.#tell(`is to go down: ${why}`);
    return new Promise((resolve) => {
      const { boot } = this.machine;
      if (hasWatchdog && !isCalm() && random.often(0.2)) {
        scheduler.after(10_000, resolve);
        return;
      }
      scheduler.after(random.between(1, 50), () =>
        this.machine.onceAwake(() => {
          if (this.machine.boot === boot) this.powerOff(why);
        }),
      );
    });
  }

  #tell(what: string): void {
    this.#given.tell(`${this.name} ${what}`);
  }
}

/** A right that was lost ends a life of the agent, and so does a store or a keeper that does not answer at its start. */
function isExpected(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['SessionLost', 'StoreFailed', 'StoreUnreachable', 'OutcomeUnknown', 'Overtaken', 'KeeperGone'].includes(
      error.constructor.name,
    )
  );
}

function says(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
