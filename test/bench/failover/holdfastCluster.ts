import { type LabAgent, type LabEtcd, type LabNode, startAgent, startEtcd } from '@holdfast/lab';
import { address, budget, dataDirectory, must } from '../faults.ts';
import type { Subject } from './subject.ts';
import { addressOf, mountPoint, type Name, names, Trio } from './trio.ts';

/** The address that has nothing on it. */
export const aloneAddress = '10.77.0.60';
/** As in the unit file of the agent. */
const restartAfterMs = 200;

/** Agents on two nodes and etcd on three, with the preset that etcd's quick timers are for, and no fence. */
export class HoldfastCluster {
  readonly trio: Trio;
  readonly #etcd: LabEtcd;
  readonly #agents = new Map<Name, LabAgent>();
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
    const again = async (): Promise<void> => {
      await agent.ended;
      await new Promise((resolve) => setTimeout(resolve, restartAfterMs));
      if (this.#isOver || this.trio.node(name) !== node) return;
      await this.#keepAgent(name);
    };
    // A node that loses its power, or the end of it all, takes the agent with it while it starts.
    void again().catch(() => undefined);
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
    return startAgent(node, { config: { store }, readyWithinMs: 60_000 });
  }

  async #apply(): Promise<void> {
    const ip = (of: string) => ({ type: 'ip', settings: { address: `${of}/24`, device: 'eth0' } });
    const document = {
      nodes: names,
      policy: { quickCheck: { every: '1s' }, failover: { forget: '1s' } },
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
    return [...this.#agents].map(([name, agent]) => `--- ${name}\n${agent.log().slice(-4_000)}`).join('\n');
  }

  close(): Promise<void> {
    this.#isOver = true;
    return this.trio.lab.close();
  }
}
