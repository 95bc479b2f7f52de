import { type LabEtcd, startEtcd } from '../etcd/startEtcd.ts';
import { type LabNode, must } from '../labHost.ts';
import { type LabAgent, startAgent } from '../startAgent.ts';
import { startedAt } from '../startedAt.ts';
import { waitUntil } from '../waitUntil.ts';
import { addressOf, type Name, names, type Trio } from './trio.ts';

const budget = { budgetMs: 60_000 };
/** As in the unit file of the agent. */
const restartAfterMs = 200;

export type HoldfastOptions = Readonly<{
  /** Below `store` of agent.yaml, beside what the lab knows by itself. */
  store?: object;
  /** Done on each node before its agent starts, also on one that takes the place of another. */
  prepare?: (node: LabNode) => Promise<void>;
}>;

/** Agents on two nodes and etcd on three, with the preset that etcd's quick timers are for. */
export class HoldfastCluster {
  readonly trio: Trio;
  readonly #etcd: LabEtcd;
  readonly #options: HoldfastOptions;
  readonly #agents = new Map<Name, LabAgent>();
  /** Why agents that were started again did not become ready. */
  readonly #failures: string[] = [];
  #isOver = false;

  private constructor(trio: Trio, etcd: LabEtcd, options: HoldfastOptions) {
    this.trio = trio;
    this.#etcd = etcd;
    this.#options = options;
  }

  /** On three nodes that are there. Nothing is configured, so nothing runs but the agents. */
  static async open(trio: Trio, options: HoldfastOptions = {}): Promise<HoldfastCluster> {
    // Nodes lose their power more often here than the five seconds after which etcd takes another member willingly.
    const args = ['--pre-vote=true', '--strict-reconfig-check=false'];
    const etcd = await startEtcd(trio.lab, { on: trio.all(), heartbeatMs: 20, electionMs: 200, args });
    const cluster = new HoldfastCluster(trio, etcd, options);
    await Promise.all(names.map((name) => cluster.#keepAgent(name)));
    return cluster;
  }

  agent(name: Name): LabAgent {
    return this.#agents.get(name)!;
  }

  /** Ends when the agent of a node is ready that is not this one. */
  async anotherAgent(name: Name, than: LabAgent): Promise<void> {
    if (await waitUntil(() => this.agent(name) !== than, 60_000)) return;
    throw new Error(`the agent of ${name} was not started again`);
  }

  async apply(document: object): Promise<void> {
    const argv = ['holdfast', 'apply', '-'] as const;
    await must(this.trio.node('alpha'), argv, { ...budget, input: JSON.stringify(document) });
  }

  async perform(name: Name, tag: string, action: 'restore' | 'remove'): Promise<void> {
    await must(this.trio.node(name), ['perform_action', '-t', tag, '-a', action], budget);
  }

  /** Puts an empty machine in the place of one that lost its power. Ends when it is one of the cluster. */
  async rejoin(name: Name): Promise<void> {
    await this.#etcd.replace(await this.trio.replace(name));
    await this.#keepAgent(name);
  }

  /** Stops the agents in order, and what they have in service. They are not started again. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#agents.values()].map((agent) => agent.stop()));
  }

  /** What the agents said, for a turn that went wrong. */
  log(): string {
    const logs = [...this.#agents].map(([name, agent]) => `--- ${name}\n${agent.log().slice(-4_000)}`);
    return [...logs, ...this.#failures].join('\n');
  }

  close(): Promise<void> {
    this.#isOver = true;
    return this.trio.lab.close();
  }

  /** Starts the agent of a node, and again whenever it ends, as a service manager does. */
  async #keepAgent(name: Name): Promise<void> {
    const node = this.trio.node(name);
    const agent = await this.#startAgent(node, name);
    this.#agents.set(name, agent);
    void agent.ended.then(() => this.#startAgain(name, node));
  }

  /** Until it runs, or the node has lost its power, or all of it is over: also a lab that somebody else has closed. */
  async #startAgain(name: Name, node: LabNode): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, restartAfterMs));
      if (this.#isOver || this.trio.node(name) !== node || startedAt(node.pid) === undefined) return;
      try {
        return await this.#keepAgent(name);
      } catch (error) {
        this.#failures.push(`${name}: ${String(error)}`);
      }
    }
  }

  async #startAgent(node: LabNode, name: Name): Promise<LabAgent> {
    await this.#options.prepare?.(node);
    const others = Object.values(addressOf).filter((one) => one !== addressOf[name]);
    const store = {
      kind: 'etcd',
      endpoints: [addressOf[name], ...others].map((host) => `http://${host}:2379`),
      preset: 'fast',
      operationsMax: 8192,
      nodeDown: ['kill', '-USR1', '1'],
      ...this.#options.store,
    };
    return startAgent(node, { config: { store }, readyWithinMs: 20_000 });
  }
}
