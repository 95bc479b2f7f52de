import { Agent, type Watched } from '@holdfast/agent';
import type { AgentEvent, BootId, NodeName, SessionId, StateRecord, Status, Tag } from '@holdfast/core';
import { commandRequest } from '@holdfast/core';
import { MemoryDisk, openMemoryStore } from '../simulate/memoryStore.ts';
import { Random } from '../simulate/random.ts';
import { VirtualTime } from '../simulate/virtualTime.ts';
import { documentOf, type GivenDocument } from '../text/configurationOf.ts';
import { FakeNode } from './fakeNode.ts';
import { quietPorts } from './quietPorts.ts';

/**
 * The shipped agent on a fake node, a store in memory and virtual time: a test lets time pass and looks. A life of
 * the agent can end and another begin on the same store and node, as after a crash or a boot.
 */
export class AgentBench {
  readonly time = new VirtualTime();
  readonly node = new FakeNode(this.time);
  readonly disk = new MemoryDisk();
  readonly events: AgentEvent[] = [];
  /** What the agents could not go on for. */
  readonly faults: unknown[] = [];
  /** What the agent listens for, and how a test lets it hear something. */
  watched: readonly Watched[] = [];
  suspect: (tag: string) => void = () => undefined;
  agent: Agent;
  #life = 0;
  #boot = 1;

  constructor() {
    this.agent = this.#newAgent();
  }

  /** Starts an agent and lets it apply the document. */
  static async with(document: GivenDocument): Promise<AgentBench> {
    const bench = new AgentBench();
    await bench.start();
    await bench.apply(document);
    return bench;
  }

  async start(): Promise<void> {
    const started = this.agent.start();
    await this.pass(2_000);
    await started;
  }

  async apply(document: GivenDocument, options: { dryRun?: boolean } = {}) {
    const applied = this.agent.apply({
      document: documentOf(document),
      dryRun: options.dryRun ?? false,
      by: 'operator',
    });
    await this.pass(10);
    return applied;
  }

  /** Gives a command, and lets `passMs` pass for it. Answers how it ended, or `open`. */
  async command(
    action: 'restore' | 'remove',
    tag: string,
    more: { passMs?: number; parents?: boolean; reach?: string; args?: string[] } = {},
  ) {
    const { passMs = 100, ...rest } = more;
    const answer = await this.agent.requests.command(
      commandRequest.parse({ action, tag, by: 'operator', ...rest }),
    );
    if (!answer.ok) return { result: 'refused' as const, problems: answer.problems };
    await this.pass(passMs);
    const ended = this.events.find(
      (event) => event.kind === 'command-ended' && event.command === answer.value.command,
    );
    return ended?.kind === 'command-ended'
      ? { result: ended.result, unmet: ended.unmet }
      : { result: 'open' as const };
  }

  pass(span: number): Promise<void> {
    return this.time.runUntil(this.time.now + span);
  }

  /** The process dies: it does nothing more, and the store is free for the next. */
  kill(): void {
    this.#life += 1;
    this.disk.isOpen = false;
  }

  /** A new life of the agent; of the node too, when it booted. */
  async startAnew(options: { booted?: boolean } = {}): Promise<void> {
    if (options.booted === true) this.#boot += 1;
    this.agent = this.#newAgent();
    await this.start();
  }

  states(): Record<string, string> {
    return Object.fromEntries(this.status().resources.map(({ tag, state }) => [tag, state]));
  }

  status(): Status {
    return this.agent.status();
  }

  /** What the store keeps of a resource's state. */
  kept(tag: string): StateRecord | undefined {
    return this.disk.valueOf(`state/alpha/${tag as Tag}`) as StateRecord | undefined;
  }

  #newAgent(): Agent {
    this.#life += 1;
    const life = this.#life;
    const isDead = () => this.#life !== life;
    const store = openMemoryStore(this.disk);
    const kits = this.node.kits();
    const mortal =
      <Args extends unknown[], Value>(call: (...args: Args) => Promise<Value>) =>
      async (...args: Args): Promise<Value> => {
        const value = isDead() ? await new Promise<never>(() => undefined) : await call(...args);
        return isDead() ? new Promise<never>(() => undefined) : value;
      };
    const silent = () => undefined;
    const agent = new Agent({
      identity: {
        node: 'alpha' as NodeName,
        boot: `boot-${this.#boot}` as BootId,
        session: `s${life}` as SessionId,
        version: '0',
        pid: life,
      },
      clock: this.time.clock(isDead),
      chance: new Random(life),
      store: { ...store, read: mortal(store.read), transact: mortal(store.transact) },
      kits: { ...kits, act: mortal(kits.act), check: mortal(kits.check) },
      watchers: {
        watch: (wanted) => {
          this.watched = wanted;
        },
        onSuspicion: (listener) => {
          this.suspect = (tag) => listener(tag as Tag, 'the test says so');
        },
        close: silent,
      },
      ...quietPorts,
    });
    agent.events.listen((event) => {
      if (!isDead()) this.events.push(event);
    });
    agent.ended.catch((error: unknown) => this.faults.push(error));
    return agent;
  }
}
