import type { AgentPorts } from '@holdfast/agent';
import { type Configuration, readDocument, type Tag } from '@holdfast/core';
import { Random } from '../simulate/random.ts';
import { ClusterJudge } from './clusterJudge.ts';
import { ClusterNode, type OfKeeper } from './clusterNode.ts';
import { ClusterOperator } from './clusterOperator.ts';
import { type Cluster, drawCluster } from './drawCluster.ts';
import { drawTemper, type KitTemper } from './kitTemper.ts';
import type { PlantedInCluster } from './planted.ts';
import { plantFault, plantInKeeper, toldDocument } from './plantFault.ts';
import { ResourceWorld } from './resourceWorld.ts';
import { Scheduler } from './scheduler.ts';
import { SimulatedEtcd } from './simulatedEtcd.ts';
import { simulatedTypes } from './simulatedKits.ts';
import type { SimulatedProcess } from './simulatedProcess.ts';

export type ClusterSimulation = Readonly<{
  seed: number;
  violations: readonly string[];
  /** All that happened, a line each: the same seed tells the same story. */
  story: readonly string[];
  /** How long it was for those in it. */
  simulatedMs: number;
  moments: number;
}>;

const stormMs = 45_000;
/** By then a healthy cluster has brought everything where it should be. */
const bound = 60_000;
const lookEveryMs = 1_000;

/**
 * Runs the shipped agents of two or three nodes, with their keepers, through a story drawn from the seed: an operator who
 * changes their mind on any node, kits that are slow, fail, hang and lie, agents and nodes that die or stop for a while,
 * ways to the store that are slow, lossy or cut. Everything that happens is held against the invariants; at the end, with
 * everybody well again, all that is wanted must be.
 */
export function simulateCluster(options: {
  seed: number;
  planted?: PlantedInCluster;
}): Promise<ClusterSimulation> {
  return new Promise((resolve, reject) => {
    // Not from within a promise: there nothing that is pending can be drained.
    setImmediate(() => {
      try {
        resolve(new ClusterStory(options.seed, options.planted).run());
      } catch (error) {
        reject(error);
      }
    });
  });
}

class ClusterStory {
  readonly violations: string[] = [];
  readonly lines: string[] = [];
  readonly #seed: number;
  readonly #planted: PlantedInCluster | undefined;
  readonly #random: Random;
  readonly #scheduler = new Scheduler();
  readonly #etcd = new SimulatedEtcd();
  readonly #cluster: Cluster;
  readonly #configuration: Configuration;
  readonly #nodes: readonly ClusterNode[];
  readonly #world: ResourceWorld;
  readonly #judge: ClusterJudge;
  readonly #operator: ClusterOperator;
  readonly #tempers = new Map<string, KitTemper>();
  #isCalm = false;

  constructor(seed: number, planted?: PlantedInCluster) {
    this.#planted = planted;
    this.#seed = seed;
    this.#random = new Random(seed);
    this.#cluster = drawCluster(this.#random.fork());
    const types = simulatedTypes();
    const read = readDocument(this.#cluster.document, types);
    if (!read.ok) throw new Error(`the drawn document is not sound: ${JSON.stringify(read.problems)}`);
    this.#configuration = read.value;
    const { protection, times } = this.#cluster;
    const tempers = this.#random.fork();
    const given = {
      ...{ scheduler: this.#scheduler, etcd: this.#etcd, times, types },
      exclusive: protection === 'person',
      takeoverWithoutFence: protection !== 'person',
      hasWatchdog: protection === 'watchdog',
      temperOf: (node: string, tag: Tag) => this.#temperOf(tempers, node, tag),
      isCalm: () => this.#isCalm,
      tell: (line: string) => this.#tell(line),
      violate: (what: string) => this.#violate(what),
      onAct: (node: ClusterNode, request: Parameters<ClusterJudge['acts']>[1]) => {
        this.#tell(`${node.name}: ${request.action} of ${request.tag} begins, epoch ${request.epoch}`);
        this.#judge.acts(node, request);
      },
      onLetGo: (node: ClusterNode, tag: Tag, by: SimulatedProcess) => {
        this.#tell(`${node.name}: ${tag} is let go of`);
        this.#judge.letsGo(node, tag, by);
      },
      wrap: (ports: AgentPorts, node: ClusterNode) =>
        plantFault(planted, ports, node, { scheduler: this.#scheduler, etcd: this.#etcd }),
      wrapKeeper: (ports: OfKeeper, node: ClusterNode) =>
        plantInKeeper(planted, ports, node, { scheduler: this.#scheduler, etcd: this.#etcd }),
    };
    this.#nodes = this.#cluster.nodes.map(
      (name) => new ClusterNode(name, { ...given, random: this.#random.fork() }, () => this.#world),
    );
    this.#world = new ResourceWorld(
      this.#nodes.map(({ machine }) => machine),
      () => this.#scheduler.now,
    );
    this.#judge = new ClusterJudge({
      ...{ etcd: this.#etcd, world: this.#world, times },
      now: () => this.#scheduler.now,
      machineOf: (name) => this.#nodes.find((node) => node.name === name)!.machine,
      configuration: () => this.#configuration,
      violate: (what) => this.#violate(what),
    });
    for (const { path } of this.#nodes) path.onArrival = (sent, { ok }) => ok && this.#judge.arrived(sent);
    this.#operator = new ClusterOperator({
      random: this.#random.fork(),
      etcd: this.#etcd,
      nodes: this.#nodes,
      configuration: () => this.#configuration,
      isCalm: () => this.#isCalm,
      tell: (line) => this.#tell(line),
      violate: (what) => this.#violate(what),
    });
  }

  run(): ClusterSimulation {
    const { nodes, protection, times } = this.#cluster;
    this.#tell(`nodes ${nodes}; protection ${protection}; right ${times.right} ms`);
    for (const { tag, needs, needsAny } of this.#configuration.resources.values())
      this.#tell(`${tag} needs [${needs}] any [${needsAny}]`);
    for (const node of this.#nodes) this.#scheduler.after(this.#random.between(0, 500), () => node.powerOn());
    this.#pass(3_000);
    this.#operator.apply(toldDocument(this.#planted, this.#cluster.document));
    this.#pass(1_000);
    this.#storm();
    this.#heal();
    return {
      seed: this.#seed,
      violations: this.violations,
      story: this.lines,
      simulatedMs: this.#scheduler.now,
      moments: this.#scheduler.moments,
    };
  }

  /** A few faults, and commands between them. */
  #storm(): void {
    const end = this.#scheduler.now + stormMs;
    for (const tag of this.#configuration.resources.keys())
      if (this.#random.often(0.7)) this.#operator.restore(tag);
    this.#pass(this.#random.pick([100, 2_000, 10_000]));
    while (this.#scheduler.now < end && this.violations.length === 0) {
      this.#happen();
      this.#pass(this.#random.pick([1, 10, 50, 300, 1_000, 3_000, 8_000, 15_000]));
    }
  }

  #happen(): void {
    const node = this.#random.pick(this.#nodes);
    const tag = this.#random.pick([...this.#configuration.resources.keys()]);
    const draw = this.#random.fraction();
    if (draw < 0.3) this.#operator.act(tag);
    else if (draw < 0.42) this.#breakIt(tag);
    else if (draw < 0.52) this.#cut(node);
    else if (draw < 0.6) this.#slow(node);
    else if (draw < 0.7) {
      if (node.process !== undefined) node.process.callsToLive = this.#random.between(0, 60);
    } else if (draw < 0.78) this.#stop(node);
    else if (draw < 0.84) node.powerOff('a power cut');
    else if (draw < 0.86) this.#cutTwice(node);
    else if (draw < 0.88) this.#isolate(node);
    else if (draw < 0.94) this.#freeze(node);
    else if (draw < 0.97) node.machine.setWall(this.#random.between(-20_000, 20_000));
    else this.#killKeeper(node);
  }

  /** Where there is no watchdog, a node without its keeper is as one that is frozen: the danger that is known. */
  #killKeeper(node: ClusterNode): void {
    if (this.#cluster.protection === 'none' || node.keeper === undefined) return;
    this.#tell(`the keeper of ${node.name} dies`);
    if (this.#random.often(0.5)) node.keeper.process.callsToLive = this.#random.between(0, 20);
    else node.keeper.process.die();
  }

  /** What the boot between had sent may come after the next one has begun. */
  #cutTwice(node: ClusterNode): void {
    this.#tell(`${node.name} is to lose its power twice, with a slow way to the store`);
    node.powerOff('a power cut', 300);
    // What is read is quick: else the boot between comes to no session of its own.
    this.#scheduler.after(300, () => node.path.slow(600, 4_000, { readsToo: false }));
    this.#scheduler.after(this.#random.between(500, 1_400), () => node.powerOff('another power cut', 300));
  }

  /** Nobody but its keeper is left to let go of what runs there. */
  #isolate(node: ClusterNode): void {
    this.#tell(`${node.name} is cut from the store for 20000 ms, and its agent is stopped`);
    node.path.cut('whole');
    node.process?.stopFor(12_000);
    this.#scheduler.after(20_000, () => node.path.heal());
  }

  #cut(node: ClusterNode): void {
    const how = this.#random.pick(['whole', 'whole', 'requests', 'answers'] as const);
    const span = this.#random.pick([500, 2_000, 5_000, 20_000]);
    this.#tell(`${node.name} is cut from the store, ${how}, for ${span} ms`);
    node.path.cut(how);
    this.#scheduler.after(span, () => node.path.heal());
  }

  #slow(node: ClusterNode): void {
    const span = this.#random.between(500, 8_000);
    this.#tell(`the way of ${node.name} to the store is slow for ${span} ms`);
    if (this.#random.often(0.3)) node.path.lag(span);
    else node.path.slow(span, this.#random.pick([100, 1_000, 4_000]));
  }

  #stop(node: ClusterNode): void {
    const process =
      this.#cluster.protection === 'none' || this.#random.often(0.8) ? node.process : node.keeper?.process;
    const span = this.#random.pick([100, 1_000, 5_000, 12_000]);
    this.#tell(
      `${process === node.process ? 'the agent' : 'the keeper'} of ${node.name} is stopped for ${span} ms`,
    );
    process?.stopFor(span);
  }

  #freeze(node: ClusterNode): void {
    if (this.#cluster.protection === 'none' || !node.machine.isUp) return;
    const span = this.#random.pick([100, 1_000, 4_000, 15_000]);
    const isSuspended = this.#random.often(0.4);
    this.#tell(`${node.name} is ${isSuspended ? 'suspended' : 'frozen'} for ${span} ms`);
    node.freeze(span, isSuspended);
  }

  #breakIt(tag: Tag): void {
    const [name] = this.#world.whereItRuns(tag);
    const node = this.#nodes.find((one) => one.name === name);
    if (node === undefined || this.#world.of(node.name, tag).acting !== undefined) return;
    const how = this.#random.pick([{ running: false, broken: false }, { broken: true }]);
    this.#world.change(node.name, tag, { ...how, surprise: true });
    this.#tell(`${tag} breaks on ${node.name}`);
    if (this.#random.often(0.5)) node.suspect(tag);
  }

  /** No more faults: everything must come where it should be, if need be after a person has asked once more. */
  #heal(): void {
    this.#isCalm = true;
    this.#tell('no more faults');
    for (const node of this.#nodes) {
      node.path.heal();
      node.recover();
    }
    this.#pass(8_000);
    if (this.#becomesWell()) return;
    this.#operator.askAgain();
    if (this.#becomesWell()) return;
    for (const { key, value } of this.#etcd.snapshot('').entries)
      if (/^(claim|request|failed|intent|pause|state|session)/.test(key))
        this.#tell(`store: ${key} ${JSON.stringify(value)}`);
    for (const node of this.#nodes) for (const line of node.explain()) this.#tell(line);
    for (const what of this.#judge.notAsWanted()) this.#violate(what);
  }

  #becomesWell(): boolean {
    const end = this.#scheduler.now + bound;
    while (this.#scheduler.now < end && this.violations.length === 0) {
      this.#operator.resumeAll();
      this.#pass(lookEveryMs);
      if (this.#judge.notAsWanted().length === 0) return true;
    }
    return this.violations.length > 0;
  }

  #temperOf(random: Random, node: string, tag: Tag): KitTemper {
    const name = `${node} ${tag}`;
    const known = this.#tempers.get(name);
    if (known !== undefined) return known;
    const temper = drawTemper(random);
    this.#tempers.set(name, temper);
    return temper;
  }

  #pass(span: number): void {
    this.#scheduler.run(this.#scheduler.now + span, () => this.violations.length > 0);
  }

  #violate(what: string): void {
    this.#tell(`VIOLATION ${what}`);
    this.violations.push(what);
  }

  #tell(line: string): void {
    this.lines.push(`${this.#scheduler.now.toFixed(1).padStart(9)}  ${line}`);
  }
}
