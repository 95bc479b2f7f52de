import { Agent, type AgentPorts, type ClusterPorts } from '@holdfast/agent';
import type { BeatTimes, BootId, NodeName, ResourceType, SessionId, Tag } from '@holdfast/core';
import type { ActRequest } from '@holdfast/engine';
import { quietPorts } from '../agent/quietPorts.ts';
import type { Random } from '../simulate/random.ts';
import { GuardProcess } from './guardProcess.ts';
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
}>;

const turnsMax = 200;

/** One node: its machine, its way to the store, and the lives of its agent and guard. */
export class ClusterNode {
  readonly name: NodeName;
  readonly machine: Machine;
  readonly path: StorePath;
  readonly #given: NodeGiven;
  readonly #world: () => ResourceWorld;
  agent: Agent | undefined;
  process: SimulatedProcess | undefined;
  guard: GuardProcess | undefined;
  /** The revision up to which the present life of the agent was told of everything. */
  seen = 0;
  #lives = 0;
  #sessions = 0;
  #kicks = 0;
  #suspect: (tag: Tag) => void = () => undefined;

  constructor(name: string, given: NodeGiven, world: () => ResourceWorld) {
    this.name = name as NodeName;
    this.#given = given;
    this.#world = world;
    const { scheduler, random, etcd } = given;
    this.machine = new Machine(name, scheduler, 0.995 + random.fraction() / 100);
    this.path = new StorePath(etcd, scheduler, random);
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
    this.guard = undefined;
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
    if (this.process !== undefined) this.process.callsToLive = undefined;
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
    const { scheduler, random, tell, violate, wrap, isCalm } = this.#given;
    const process = new SimulatedProcess(this.machine, scheduler);
    this.process = process;
    this.seen = 0;
    const agent = new Agent(wrap(this.#ports(process, life), this));
    this.agent = agent;
    this.#tell(`agent ${life} starts`);
    process.onDeath = () => {
      this.#tell(`agent ${life} is dead`);
      this.#halfDone();
      this.agent = undefined;
      this.process = undefined;
      const { boot } = this.machine;
      scheduler.after(isCalm() ? 200 : random.pick([50, 500, 3_000, 15_000]), () => {
        if (this.machine.boot === boot) this.startAgent();
      });
    };
    const end = (): void => process.die();
    agent.ended.then(
      () => {
        this.#kicks += 1;
        end();
      },
      (error: unknown) => {
        if (!isExpected(error)) violate(`${this.name}: the agent could not go on: ${says(error)}`);
        end();
      },
    );
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
    const { scheduler, random, times, takeoverWithoutFence } = this.#given;
    const abort = (by: SimulatedProcess, step: Parameters<typeof runAbort>[1]) => {
      const { temperOf, isCalm, onLetGo } = this.#given;
      return runAbort(
        {
          ...{ process: by, scheduler, world: this.#world(), random, temperOf, isCalm },
          onLetGo: (tag) => onLetGo(this, tag, by),
        },
        step,
      );
    };
    return {
      times,
      takeoverWithoutFence,
      bootClock: this.machine.bootClock,
      newSessionId: () => {
        this.#sessions += 1;
        return `${this.name}-session-${this.#sessions}`;
      },
      kick: () => this.kick(),
      // No world has fence devices yet: nothing calls them.
      fencer: {
        run: async () => ({ ok: false, exitCode: 1, says: 'there is no such device', tookMs: 0 }),
        findProblems: async () => [],
      },
      openGuard: async (onEnd) => {
        if (this.guard === undefined || this.guard.process.isDead)
          this.guard = new GuardProcess({
            ...{ machine: this.machine, scheduler, dropMs: times.drop, tickMs: 20, runAbort: abort },
            takeNodeDown: (why) => this.#goDown(why),
            say: (event) => this.#tell(`guard: ${event}`),
          });
        return this.guard.open(process, onEnd);
      },
      runAbort: (step) => abort(process, step),
      takeNodeDown: (why) => this.#goDown(why),
    };
  }

  kick(): void {
    if (!this.#given.hasWatchdog) return;
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

/** A right that was lost ends a life of the agent, and so does a store that does not answer at its start. */
function isExpected(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['SessionLost', 'StoreFailed', 'StoreUnreachable', 'OutcomeUnknown', 'Overtaken'].includes(
      error.constructor.name,
    )
  );
}

function says(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
