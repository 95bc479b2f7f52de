import type { AgentPorts } from '@holdfast/agent';
import { Agent } from '@holdfast/agent';
import type {
  BootId,
  Configuration,
  Intent,
  NodeName,
  ResourceType,
  SessionId,
  Tag,
  WrittenDocument,
} from '@holdfast/core';
import { readDocument } from '@holdfast/core';
import type { ClusterStore } from '@holdfast/store';
import { quietPorts } from '../agent/quietPorts.ts';
import { drawDocument, simulatedType } from './drawDocument.ts';
import { brokenAtTheEnd, brokenByStep, brokenIntents } from './invariants.ts';
import { MemoryDisk, openMemoryStore } from './memoryStore.ts';
import { never } from './never.ts';
import { Random } from './random.ts';
import { simulatedKits } from './simulatedKits.ts';
import { drawTemper, SimulatedNode, type Temper } from './simulatedNode.ts';
import { VirtualTime } from './virtualTime.ts';

export type Fault = 'crash' | 'power' | 'break' | 'start-by-hand';

/**
 * A fault put into the agent on purpose, to see that the simulation finds it: the agent is told of no needs; the
 * store loses intents when the agent dies; checks after a remove always agree with the kit.
 */
export type Planted = 'needs-forgotten' | 'intents-lost' | 'remove-believed';

export type SimulationOptions = Readonly<{
  seed: number;
  /** Which faults happen; all of them when left out. Kits misbehave by their temper in any case. */
  faults?: readonly Fault[];
  /** How long the faults go on. */
  stormMs?: number;
  planted?: Planted;
}>;

export type Simulation = Readonly<{
  seed: number;
  /** What went wrong, in the order in which it did. */
  violations: readonly string[];
  /** All that happened, a line each: the same seed tells the same story. */
  story: readonly string[];
}>;

const node = 'alpha' as NodeName;
/** Time for budgets, pauses and checks of what is out of service to pass, once nothing goes wrong any more. */
const calmMs = 900_000;

/**
 * Runs the shipped agent of one node through a story drawn from the seed: an operator who changes their mind, kits
 * that are slow, fail, hang and lie, resources that break or are started by hand, an agent that is killed at any call
 * to the world, and power cuts. Every step is held against the invariants as it begins; at the end all that is wanted
 * must be.
 */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const story = new Story(options);
  await story.run();
  return { seed: options.seed, violations: story.violations, story: story.lines };
}

class Story {
  readonly violations: string[] = [];
  readonly lines: string[] = [];
  readonly #options: SimulationOptions & Required<Pick<SimulationOptions, 'faults' | 'stormMs'>>;
  readonly #random: Random;
  readonly #time = new VirtualTime();
  readonly #disk = new MemoryDisk();
  readonly #document: WrittenDocument;
  readonly #types: readonly ResourceType[];
  readonly #configuration: Configuration;
  readonly #node: SimulatedNode;
  readonly #tempers = new Map<Tag, Temper>();
  /** What was acknowledged to the operator, or adopted. */
  readonly #wanted = new Map<Tag, Intent['want']>();
  #agent: Agent | undefined;
  #life = 0;
  #boot = 1;
  #isCalm = false;
  #suspect: (tag: Tag) => void = () => undefined;
  /** Calls to the world until the agent dies; none while undefined. */
  #callsToLive: number | undefined;

  constructor(options: SimulationOptions) {
    this.#options = { faults: ['crash', 'power', 'break', 'start-by-hand'], stormMs: 600_000, ...options };
    this.#random = new Random(options.seed);
    this.#document = drawDocument(this.#random.fork());
    const canRecover = new Map<string, boolean>();
    for (const tag of Object.keys(this.#document.resources)) {
      const temper = drawTemper(this.#random);
      this.#tempers.set(tag as Tag, temper);
      canRecover.set(tag, temper.canRecover);
    }
    this.#types = [simulatedType({ canRecover: true }), simulatedType({ canRecover: false })];
    for (const [tag, resource] of Object.entries(this.#document.resources)) {
      resource.type = canRecover.get(tag) === true ? 'repairable' : 'plain';
    }
    const read = readDocument(this.#document, this.#types);
    if (!read.ok) throw new Error(`the drawn document is not sound: ${JSON.stringify(read.problems)}`);
    this.#configuration = read.value;
    this.#node = new SimulatedNode(read.value);
  }

  async run(): Promise<void> {
    for (const { tag, needs, needsAny, after } of this.#configuration.resources.values()) {
      this.#tell(`${tag} needs [${needs}] any [${needsAny}] after [${after}]`);
    }
    this.#startAgent();
    await this.#pass(5_000);
    await this.#ask('apply', () =>
      this.#agent!.apply({ document: this.#toldDocument(), dryRun: false, by: 'operator' }),
    );
    await this.#pass(1_000);
    await this.#storm();
    await this.#calm();
    this.violations.push(...brokenAtTheEnd(this.#given()));
  }

  #toldDocument(): WrittenDocument {
    if (this.#options.planted !== 'needs-forgotten') return this.#document;
    const resources = Object.entries(this.#document.resources).map(([tag, resource]) => [
      tag,
      { ...resource, needs: [], needsAny: [] },
    ]);
    return { ...this.#document, resources: Object.fromEntries(resources) };
  }

  /** Things happen at moments drawn from the seed. */
  async #storm(): Promise<void> {
    const end = this.#time.now + this.#options.stormMs;
    while (this.#time.now < end && this.violations.length === 0) {
      await this.#pass(this.#random.pick([1, 3, 10, 50, 200, 1_000, 5_000, 20_000, 60_000]));
      if (this.#agent === undefined) this.#startAgent();
      else await this.#happen();
    }
  }

  async #happen(): Promise<void> {
    const { faults } = this.#options;
    const tag = this.#random.pick([...this.#configuration.resources.keys()]);
    const draw = this.#random.fraction();
    if (draw < 0.3) return this.#command('restore', tag);
    if (draw < 0.5) return this.#command('remove', tag);
    if (draw < 0.7 && faults.includes('break')) return this.#breakIt(tag);
    if (draw < 0.78 && faults.includes('start-by-hand')) return this.#startByHand(tag);
    if (draw < 0.9 && faults.includes('crash')) {
      this.#callsToLive = this.#random.between(0, 40);
      return;
    }
    if (draw > 0.97) return this.#pause(tag);
    if (draw > 0.94) return this.#resume(tag);
    if (draw < 0.94 && faults.includes('power')) {
      this.#tell('power cut');
      this.#die();
      this.#node.powerOff();
      this.#boot += 1;
    }
  }

  /** No more faults. The operator asks once more for all that is wanted, as a person would who saw failures. */
  async #calm(): Promise<void> {
    this.#isCalm = true;
    this.#callsToLive = undefined;
    if (this.#agent === undefined) this.#startAgent();
    await this.#pass(20_000);
    await this.#ask('resume all', () => this.#agent!.pauses.resume({ scope: 'node', by: 'operator' }));
    await this.#pass(calmMs);
    this.violations.push(...brokenIntents(this.#given(), this.#wanted));
    for (const tag of this.#configuration.resources.keys()) {
      if (this.#agent === undefined) break;
      if (this.#wanted.get(tag) === 'inService') await this.#command('restore', tag, { alone: true });
      else await this.#command('remove', tag, { alone: false });
      await this.#pass(120_000);
    }
    await this.#pass(calmMs);
  }

  async #command(
    action: 'restore' | 'remove',
    tag: Tag,
    how: { alone: boolean } = { alone: this.#random.often(0.3) },
  ): Promise<void> {
    const request = {
      action,
      tag,
      parents: !how.alone,
      reach: how.alone ? ('only' as const) : this.#random.pick(['above', 'whole'] as const),
      refuseIfElsewhere: false,
      args: [],
      dryRun: false,
      by: 'operator',
    };
    await this.#ask(`${action} ${tag}${how.alone ? ' alone' : ''}`, () =>
      this.#agent!.requests.command(request),
    );
  }

  /** Asks the agent; an answer that does not come, because the agent died, is no answer. */
  async #ask(what: string, ask: () => Promise<{ ok: boolean }>): Promise<void> {
    this.#tell(`operator: ${what}`);
    let isAnswered = false;
    ask().then(
      (answer) => {
        isAnswered = true;
        this.#tell(`operator: ${what}: ${answer.ok ? 'accepted' : 'refused'}`);
      },
      (error: unknown) => this.violations.push(`${what} threw: ${String(error)}`),
    );
    const patience = this.#time.now + 2_000;
    while (!isAnswered && this.#time.now < patience) await this.#pass(1);
    // Unanswered, it was done or it was not: what the store holds is what counts from here on.
    for (const [tag, intent] of this.#intents()) this.#wanted.set(tag, intent.want);
  }

  #intents(): Map<Tag, Intent> {
    const entries = [...this.#disk.entries.values()].filter(({ key }) => key.startsWith('intent/'));
    return new Map(entries.map(({ key, value }) => [key.slice('intent/'.length) as Tag, value as Intent]));
  }

  async #pause(tag: Tag): Promise<void> {
    const until = this.#random.often(0.5)
      ? 1_700_000_000_000 + this.#time.now + this.#random.between(1_000, 100_000)
      : undefined;
    const request = {
      tag,
      scope: this.#random.pick(['resource', 'hierarchy'] as const),
      why: 'work',
      by: 'operator',
      ...(until === undefined ? {} : { until }),
    };
    await this.#ask(`pause ${tag}, ${request.scope}`, () => this.#agent!.pauses.pause(request));
  }

  async #resume(tag: Tag): Promise<void> {
    await this.#ask(`resume ${tag}`, () =>
      this.#agent!.pauses.resume({ tag, scope: 'hierarchy', by: 'operator' }),
    );
  }

  #breakIt(tag: Tag): void {
    const reality = this.#node.of(tag);
    if (reality.acting !== undefined || !reality.running) return;
    Object.assign(reality, this.#random.pick([{ running: false, broken: false }, { broken: true }]), {
      surprise: true,
    });
    this.#tell(`${tag} breaks`);
    // Some failures are heard of at once, some only found by the next check; and some events mean nothing.
    if (this.#random.often(0.5))
      this.#suspect(
        this.#random.often(0.8) ? tag : this.#random.pick([...this.#configuration.resources.keys()]),
      );
  }

  #startByHand(tag: Tag): void {
    const reality = this.#node.of(tag);
    const { graph } = this.#configuration;
    // A person starts what can start: all that it needs is there.
    if (
      reality.acting !== undefined ||
      reality.running ||
      !graph.childrenOf(tag).every((child) => this.#node.serves(child))
    )
      return;
    Object.assign(reality, { running: true, broken: false, surprise: true });
    this.#tell(`somebody starts ${tag} by hand`);
  }

  #startAgent(): void {
    this.#life += 1;
    const life = this.#life;
    const isDead = (): boolean => this.#life !== life;
    const agent = new Agent(this.#ports(isDead));
    this.#agent = agent;
    this.#tell(`agent ${life} starts`);
    agent
      .start()
      .catch((error: unknown) => this.violations.push(`the agent could not start: ${String(error)}`));
    agent.ended.catch((error: unknown) =>
      this.violations.push(
        `the agent could not go on: ${error instanceof Error ? error.stack : String(error)}`,
      ),
    );
    agent.events.listen((event) => {
      if (isDead()) return;
      if (event.kind === 'step-ended')
        this.#tell(`${event.action} of ${event.tag}: ${event.result}: ${event.evidence}`);
      if (event.kind === 'state-changed') this.#tell(`${event.tag} is ${event.to}: ${event.reason}`);
      if (event.kind === 'command-ended') this.#tell(`command ${event.command}: ${event.result}`);
      if (event.kind === 'adopted')
        for (const [tag, intent] of this.#intents()) this.#wanted.set(tag, intent.want);
    });
  }

  /** The agent's process is gone; what it had under way in the world is done, half done or not begun. */
  #die(): void {
    this.#life += 1;
    this.#agent = undefined;
    this.#callsToLive = undefined;
    this.#disk.isOpen = false;
    if (this.#options.planted === 'intents-lost') {
      for (const key of this.#disk.entries.keys())
        if (key.startsWith('intent/')) this.#disk.entries.delete(key);
    }
    for (const tag of this.#configuration.resources.keys()) {
      const reality = this.#node.of(tag);
      if (reality.acting === undefined) continue;
      const whole = { running: reality.acting !== 'remove', broken: false };
      const half = this.#random.pick([whole, { running: true, broken: true }, {}]);
      Object.assign(reality, half, { acting: undefined });
    }
  }

  #ports(isDead: () => boolean): AgentPorts {
    const store = openMemoryStore(this.#disk);
    const kits = simulatedKits({
      node: this.#node,
      time: this.#time,
      random: this.#random.fork(),
      temperOf: (tag) => this.#tempers.get(tag)!,
      types: this.#types,
      isDead,
      isCalm: () => this.#isCalm,
      agreesAfterRemove: this.#options.planted === 'remove-believed',
      onAct: (request) => {
        this.#tell(`${request.action} of ${request.tag} begins, epoch ${request.epoch}`);
        for (const broken of brokenByStep(this.#given(), request)) {
          this.#tell(`VIOLATION ${broken}`);
          this.violations.push(broken);
        }
      },
    });
    const mortal = <Args extends unknown[], Value>(call: (...args: Args) => Promise<Value>) =>
      this.#mortal(isDead, call);
    const silent = () => undefined;
    return {
      identity: {
        node,
        boot: `boot-${this.#boot}` as BootId,
        session: `s${this.#life}` as SessionId,
        version: '0',
        pid: this.#life,
      },
      clock: this.#time.clock(isDead),
      chance: this.#random.fork(),
      store: { ...store, read: mortal(store.read), transact: mortal(this.#slowly(store, isDead)) },
      kits: { ...kits, act: mortal(kits.act), check: mortal(kits.check) },
      watchers: {
        watch: silent,
        onSuspicion: (listener) => {
          if (!isDead()) this.#suspect = (tag) => isDead() || listener(tag, 'a break');
        },
        close: silent,
      },
      ...quietPorts,
    };
  }

  /** A store that sometimes takes its time. */
  #slowly(store: ClusterStore, isDead: () => boolean): ClusterStore['transact'] {
    return async (transaction) => {
      if (this.#random.often(0.2)) await this.#time.wait(this.#random.between(1, 30));
      return isDead() ? never() : store.transact(transaction);
    };
  }

  /** The agent may die before a call takes effect, or after it did and before the answer comes. */
  #mortal<Args extends unknown[], Value>(
    isDead: () => boolean,
    call: (...args: Args) => Promise<Value>,
  ): (...args: Args) => Promise<Value> {
    return async (...args) => {
      if (isDead() || this.#dies('before')) return never();
      const value = await call(...args);
      if (isDead() || this.#dies('after')) return never();
      return value;
    };
  }

  #dies(when: string): boolean {
    if (this.#callsToLive === undefined) return false;
    this.#callsToLive -= 1;
    if (this.#callsToLive > 0) return false;
    this.#tell(`agent dies ${when} a call`);
    this.#die();
    return true;
  }

  #pass(span: number): Promise<void> {
    return this.#time.runUntil(this.#time.now + span);
  }

  #given() {
    return {
      configuration: this.#configuration,
      node: this.#node,
      disk: this.#disk,
      boot: () => `boot-${this.#boot}`,
    };
  }

  #tell(line: string): void {
    this.lines.push(`${String(this.#time.now).padStart(8)}  ${line}`);
  }
}
