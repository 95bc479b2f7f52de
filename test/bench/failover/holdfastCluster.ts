import { type LabAgent, type LabEtcd, type LabNode, startAgent, startEtcd } from '@holdfast/lab';
import { address, budget, dataDirectory, must } from '../faults.ts';
import type { Subject } from './subject.ts';
import { addressOf, mountPoint, type Name, names, Trio } from './trio.ts';

/** The address that has nothing on it. */
const aloneAddress = '10.77.0.60';
/** So long after it has failed on a node the database may move there again. */
export const forgetMs = 1_000;
/** As in the unit file of the agent. */
const restartAfterMs = 200;

/** Agents on two nodes and etcd on three, with the preset that etcd's quick timers are for, and no fence. */
export class HoldfastCluster {
  readonly trio: Trio;
  readonly #etcd: LabEtcd;
  readonly #agents = new Map<Name, LabAgent>();
  /** Why agents that were started again did not become ready. */
  readonly #failures: string[] = [];
  #isOver = false;

  private constructor(trio: Trio, etcd: LabEtcd) {
    this.trio = trio;
    this.#etcd = etcd;
  }

  static async open(): Promise<HoldfastCluster> {
    const trio = await Trio.open();
    try {
      const timers = { heartbeatMs: 20, electionMs: 200 };
      // Nodes lose their power more often here than the five seconds after which etcd takes another member willingly.
      const etcd = await startEtcd(trio.lab, {
        on: trio.all(),
        ...timers,
        args: ['--pre-vote=true', '--strict-reconfig-check=false'],
      });
      const cluster = new HoldfastCluster(trio, etcd);
      await Promise.all(names.map((name) => cluster.#keepAgent(name)));
      await cluster.#apply();
      return cluster;
    } catch (error) {
      await trio.lab.close();
      throw error;
    }
  }

  agent(name: Name): LabAgent {
    return this.#agents.get(name)!;
  }

  /** Ends when the agent of a node is ready that is not this one. */
  async anotherAgent(name: Name, than: LabAgent): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (this.agent(name) === than) {
      if (performance.now() > deadline) throw new Error(`the agent of ${name} was not started again`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Starts the agent of a node, and again whenever it ends, as a service manager does. */
  async #keepAgent(name: Name): Promise<void> {
    const node = this.trio.node(name);
    const agent = await this.#startAgent(node, name);
    this.#agents.set(name, agent);
    void agent.ended.then(() => this.#startAgain(name, node));
  }

  /** Until it runs, or the node has lost its power, or all of it is over. */
  async #startAgain(name: Name, node: LabNode): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, restartAfterMs));
      if (this.#isOver || this.trio.node(name) !== node) return;
      try {
        return await this.#keepAgent(name);
      } catch (error) {
        this.#failures.push(`${name}: ${String(error)}`);
      }
    }
  }

  #startAgent(node: LabNode, name: Name): Promise<LabAgent> {
    const others = Object.values(addressOf).filter((one) => one !== addressOf[name]);
    const store = {
      kind: 'etcd',
      endpoints: [addressOf[name], ...others].map((host) => `http://${host}:2379`),
      preset: 'fast',
      operationsMax: 8192,
      takeoverWithoutFence: true,
      nodeDown: ['kill', '-USR1', '1'],
    };
    return startAgent(node, { config: { store }, readyWithinMs: 20_000 });
  }

  async #apply(): Promise<void> {
    const ip = (of: string) => ({ type: 'ip', settings: { address: `${of}/24`, device: 'eth0' } });
    const document = {
      nodes: names,
      policy: { quickCheck: { every: '1s' }, failover: { forget: `${forgetMs}ms` } },
      resources: {
        alone: ip(aloneAddress),
        ip: ip(address),
        fs: { type: 'filesystem', settings: { device: this.trio.device, mountPoint, fsType: 'ext4' } },
        pg: { type: 'postgresql', needs: ['fs', 'ip'], settings: { dataDirectory } },
      },
    };
    const argv = ['holdfast', 'apply', '-'] as const;
    await must(this.trio.node('alpha').run(argv, { ...budget, input: JSON.stringify(document) }));
  }

  /** What a client of this tag sees of the cluster. */
  subject(tag: 'alone' | 'pg'): Subject {
    return {
      trio: this.trio,
      address: tag === 'pg' ? address : aloneAddress,
      move: (to) => this.perform(to, tag, 'restore'),
      rejoin: (name) => this.#rejoin(name),
    };
  }

  async perform(name: Name, tag: string, action: 'restore' | 'remove'): Promise<void> {
    await must(this.trio.node(name).run(['perform_action', '-t', tag, '-a', action], budget));
  }

  async #rejoin(name: Name): Promise<void> {
    await this.#etcd.replace(await this.trio.replace(name));
    await this.#keepAgent(name);
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
}
