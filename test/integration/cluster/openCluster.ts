import { join } from 'node:path';
import {
  type Frozen,
  type Lab,
  type LabAgent,
  type LabEtcd,
  type LabFence,
  type LabNode,
  openLab,
  preparePostgres,
  startAgent,
  startEtcd,
  startFence,
} from '@holdfast/lab';

const budget = { budgetMs: 60_000 };
const address = '10.77.0.50';
const dataDirectory = '/srv/pg/data';
const names = ['alpha', 'beta'] as const;
export type Name = (typeof names)[number];
const addressOf = { alpha: '10.77.0.2', beta: '10.77.0.3' } as const;

/** The preset is for a machine that has little else to do; the usual tests share theirs with others. */
const timesOfTests =
  process.env.HOLDFAST_PRESET === 'fast' ? { margin: '250ms' } : { right: '3s', drop: '2s', margin: '750ms' };

const fenceSecret = '/etc/holdfast/fence.password';
const fencePassword = 'a-word-that-no-log-may-show';

type Member = { node: LabNode; agent: LabAgent };
type Ack = Readonly<{ row: number; at: number }>;

/** Two nodes and a third that only votes, one database on a disk that both can mount, and a client outside. */
export class Cluster {
  readonly lab: Lab;
  readonly #etcd: LabEtcd;
  readonly #device: string;
  readonly #takeoverWithoutFence: boolean;
  /** The power switch of the lab; the document names it when `serve` is told to. */
  readonly fence: LabFence;
  readonly #members = new Map<Name, Member>();
  readonly acknowledged: Ack[] = [];
  #client: ReturnType<Lab['client']['start']> | undefined;

  private constructor(lab: Lab, etcd: LabEtcd, device: string, takeoverWithoutFence: boolean) {
    this.#takeoverWithoutFence = takeoverWithoutFence;
    this.lab = lab;
    this.#etcd = etcd;
    this.#device = device;
    this.fence = startFence(lab, {
      password: fencePassword,
      onOff: (name) => this.#members.delete(name as Name),
    });
  }

  static async open({ takeoverWithoutFence = true } = {}): Promise<Cluster> {
    const lab = await openLab();
    const nodes = await Promise.all(names.map((name) => lab.addNode({ name, address: addressOf[name] })));
    const voter = await lab.addNode({ name: 'voter', address: '10.77.0.4' });
    const { device } = await lab.addDisk({ name: 'pg', sizeMb: 192 });
    const [etcd] = await Promise.all([
      startEtcd(lab, {
        on: [...nodes, voter],
        heartbeatMs: 20,
        electionMs: 200,
        // A member that comes back must not make the others elect anew.
        args: ['--pre-vote=true'],
      }),
      preparePostgres(nodes[0]!, { device, mountPoint: '/srv/pg', dataDirectory, port: 5432 }),
    ]);
    const cluster = new Cluster(lab, etcd, device, takeoverWithoutFence);
    for (const node of nodes) await cluster.#start(node);
    return cluster;
  }

  node(name: Name): LabNode {
    return this.#members.get(name)!.node;
  }

  agent(name: Name): LabAgent {
    return this.#members.get(name)!.agent;
  }

  /** Starts the agent of a node that is there, or of a new one in the place of one that lost its power. */
  async start(name: Name): Promise<void> {
    if (this.#members.has(name)) return this.#start(this.node(name));
    const node = await this.lab.addNode({ name, address: addressOf[name] });
    await this.#etcd.replace(node);
    await this.#start(node);
  }

  async #start(node: LabNode): Promise<void> {
    await this.fence.wire(node);
    await node.writeFile(fenceSecret, `${fencePassword}\n`, 0o600);
    const endpoints = [
      node.address,
      ...['10.77.0.2', '10.77.0.3', '10.77.0.4'].filter((one) => one !== node.address),
    ];
    const store = {
      kind: 'etcd',
      endpoints: endpoints.map((host) => `http://${host}:2379`),
      preset: 'fast',
      times: timesOfTests,
      operationsMax: 8192,
      takeoverWithoutFence: this.#takeoverWithoutFence,
      nodeDown: ['kill', '-USR1', '1'],
    };
    const agent = await startAgent(node, { config: { store }, readyWithinMs: 30_000 });
    this.#members.set(node.name as Name, { node, agent });
  }

  /** What the document says for the nodes to be switched off by the lab. */
  fencing(more: object = {}): object {
    const level = (plug: Name) => ({ levels: [[{ device: 'switch', parameters: { plug } }]] });
    const device = { agent: this.fence.agent, parameters: { password: { file: fenceSecret } } };
    return {
      devices: { switch: { ...device, timeout: '5s', attempts: 1 } },
      nodes: { alpha: level('alpha'), beta: level('beta') },
      ...more,
    };
  }

  plug(name: Name, cable: 'in' | 'out'): Promise<void> {
    return this.lab.plug(this.node(name), cable);
  }

  /** Stops every process of a node, with its guard and its member of etcd; `resume` answers how many there still were. */
  freeze(name: Name): Frozen {
    return this.lab.freeze(this.node(name));
  }

  async powerCut(name: Name): Promise<void> {
    await this.lab.powerCut(this.node(name));
    this.#members.delete(name);
  }

  /** The hierarchy, in force and in service on alpha, with a client that writes rows through its address. */
  async serve(more: object = {}): Promise<void> {
    const document = {
      nodes: [...names],
      policy: { quickCheck: { every: '300ms' }, failover: { forget: '3s' } },
      resources: {
        ip: { type: 'ip', settings: { address: `${address}/24`, device: 'eth0' } },
        fs: { type: 'filesystem', settings: { device: this.#device, mountPoint: '/srv/pg', fsType: 'ext4' } },
        pg: { type: 'postgresql', needs: ['fs', 'ip'], settings: { dataDirectory } },
      },
      ...more,
    };
    await this.node('alpha').writeFile('/root/hierarchy.yaml', JSON.stringify(document));
    await this.#must('alpha', ['holdfast', 'apply', '/root/hierarchy.yaml']);
    await this.#must('alpha', ['perform_action', '-t', 'pg', '-a', 'restore']);
    await this.query('create table seen (row int)');
    this.#client = this.lab.client.start(
      [process.execPath, join(import.meta.dirname, 'client.ts'), address],
      {
        keepInputOpen: true,
        onOutput: (text) => this.#hear(text),
      },
    );
    await this.answered(performance.timeOrigin + performance.now());
  }

  #line = '';
  #hear(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop()!;
    for (const line of lines) this.acknowledged.push(JSON.parse(line) as Ack);
  }

  async #must(name: Name, argv: [string, ...string[]]): Promise<void> {
    const { ok, says, stdout, stderr } = await this.node(name).run(argv, budget);
    if (!ok) throw new Error(`${name}: ${says}\n${stdout}${stderr}\n${this.log()}`);
  }

  perform(name: Name, ...words: string[]) {
    return this.node(name).run(['perform_action', ...words], budget);
  }

  query(sql: string) {
    return this.lab.client.run(['psql', '-h', address, '-U', 'postgres', '-XAtc', sql], { budgetMs: 5_000 });
  }

  /** Waits until a row is acknowledged after a moment. Answers the longest time without one that lies around it, in ms. */
  async answered(since: number, withinMs = 30_000): Promise<number> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const after = this.acknowledged.find(({ at }) => at > since);
      if (after !== undefined) {
        const before = this.acknowledged.filter(({ at }) => at <= since).at(-1);
        return after.at - (before?.at ?? since);
      }
      if (performance.now() > deadline)
        throw new Error(`no row was acknowledged within ${withinMs} ms\n${this.log()}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Rows that were acknowledged and are not there. */
  async lost(): Promise<readonly number[]> {
    const before = [...this.acknowledged];
    const { stdout } = await this.query('select row from seen');
    const there = new Set(stdout.trim().split('\n').map(Number));
    return before.filter(({ row }) => !there.has(row)).map(({ row }) => row);
  }

  /** Nodes that have the address or the mount at this moment. */
  async holders(): Promise<readonly Name[]> {
    const there = [...this.#members.keys()];
    const held = await Promise.all(
      there.map(async (name) => {
        const { stdout } = await this.node(name).run(
          ['sh', '-c', `ip -brief address show to ${address}; findmnt -n /srv/pg`],
          budget,
        );
        return stdout.trim() !== '';
      }),
    );
    return there.filter((_, at) => held[at]);
  }

  async states(name: Name): Promise<Record<string, string>> {
    const { stdout } = await this.node(name).run(['lcdstatus', '--json'], budget);
    const { resources } = JSON.parse(stdout) as { resources: { tag: string; state: string }[] };
    return Object.fromEntries(resources.map(({ tag, state }) => [tag, state]));
  }

  /** The process of the database: another one means that it was started again. */
  async postmaster(name: Name): Promise<string> {
    const { stdout } = await this.node(name).run(['head', '-1', `${dataDirectory}/postmaster.pid`], budget);
    return stdout.trim();
  }

  /** Waits until an agent of this node that is not the one of `agent` answers. Answers when that was. */
  async answersAgain(name: Name, withinMs = 20_000): Promise<number> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const asked = await this.node(name).run(
        ['curl', '-sf', '--unix-socket', '/run/holdfast/agent.sock', 'http://agent/v1/status'],
        budget,
      );
      if (asked.ok) return performance.timeOrigin + performance.now();
      if (performance.now() > deadline)
        throw new Error(`${name}: no agent answers after ${withinMs} ms\n${await this.keeperLog(name)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What the keeper of a node wrote, and the agents that it started. */
  async keeperLog(name: Name): Promise<string> {
    const { stdout } = await this.node(name).run(
      ['tail', '-n', '40', '/run/holdfast/keeper.sock.log'],
      budget,
    );
    return stdout;
  }

  log(): string {
    return [...this.#members]
      .map(([name, { agent }]) => `--- ${name}\n${agent.log().slice(-6_000)}`)
      .join('\n');
  }

  async close(): Promise<void> {
    this.fence.close();
    this.#client?.kill('SIGKILL');
    await this.lab.close();
  }
}
