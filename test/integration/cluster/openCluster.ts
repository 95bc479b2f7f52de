import { join } from 'node:path';
import {
  type Frozen,
  type Lab,
  type LabAgent,
  type LabEtcd,
  type LabFence,
  type LabNode,
  type LabWatchdog,
  openLab,
  preparePostgres,
  standInWatchdog,
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
type Options = Readonly<{
  takeoverWithoutFence?: boolean;
  /** Each node has one, outside of it. */
  watchdogs?: boolean;
}>;
type Ack = Readonly<{ row: number; at: number }>;

/** Two nodes and a third that only votes, one database on a disk that both can mount, and a client outside. */
export class Cluster {
  readonly lab: Lab;
  readonly #etcd: LabEtcd;
  readonly #device: string;
  readonly #options: Options;
  readonly #watchdogs = new Map<Name, LabWatchdog>();
  /** The power switch of the lab; the document names it when `serve` is told to. */
  readonly fence: LabFence;
  readonly #members = new Map<Name, Member>();
  readonly acknowledged: Ack[] = [];
  #client: ReturnType<Lab['client']['start']> | undefined;

  private constructor(lab: Lab, etcd: LabEtcd, device: string, options: Options) {
    this.#options = options;
    this.lab = lab;
    this.#etcd = etcd;
    this.#device = device;
    this.fence = startFence(lab, {
      password: fencePassword,
      onOff: (name) => this.#members.delete(name as Name),
    });
  }

  static async open(options: Options = {}): Promise<Cluster> {
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
    const cluster = new Cluster(lab, etcd, device, options);
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

  /** Starts what is not there: the node, or its agent. */
  async ensure(name: Name): Promise<void> {
    if (!this.#members.has(name)) return this.start(name);
    const alive = await this.node(name).run(['kill', '-0', String(await this.agentPid(name))], budget);
    if (!alive.ok) await this.start(name);
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
      takeoverWithoutFence: this.#options.takeoverWithoutFence ?? true,
      ...(await this.#watchdogOf(node)),
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

  /** Outside of the node, and another one for each boot of it. */
  async #watchdogOf(node: LabNode): Promise<object> {
    if (this.#options.watchdogs !== true) return {};
    const name = node.name as Name;
    if (!this.#watchdogs.has(name)) {
      const standIn = await standInWatchdog(node, () => this.powerCut(name));
      this.#watchdogs.set(name, standIn);
    }
    return { watchdog: { socket: this.#watchdogs.get(name)!.socket } };
  }

  watchdog(name: Name): LabWatchdog {
    return this.#watchdogs.get(name)!;
  }

  /** Waits until the watchdog of a node has cut its power, and gives that up as it is. */
  async bitten(name: Name, withinMs = 20_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (this.#members.has(name)) {
      if (performance.now() > deadline) throw new Error(`the watchdog of ${name} did not bite`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.#watchdogs.get(name)!.close();
    this.#watchdogs.delete(name);
  }

  /** Signals processes of a node, and no others. */
  async signal(name: Name, signal: string, pids: readonly (number | string)[]): Promise<void> {
    await this.node(name).run(['kill', `-${signal}`, ...pids.map(String)], budget);
  }

  async agentPid(name: Name): Promise<number> {
    const { stdout } = await this.node(name).run(['cat', '/run/holdfast/status.json'], budget);
    return (JSON.parse(stdout) as { agent: { pid: number } }).agent.pid;
  }

  async keeperPid(name: Name): Promise<number> {
    const { stdout } = await this.node(name).run(['pgrep', '-f', 'program/keeper/main.ts'], budget);
    return Number(stdout.trim().split('\n')[0]);
  }

  async priorityOf(name: Name, pid: number) {
    const { stdout } = await this.node(name).run(
      ['sh', '-c', 'ps -o ni=,rss= -p "$0"; cat "/proc/$0/oom_score_adj"', String(pid)],
      budget,
    );
    const [nice, memoryKb, oomScore] = stdout.trim().split(/\s+/).map(Number);
    return { nice, memoryKb: memoryKb ?? 0, oomScore };
  }

  /** Waits for another agent than that one, which is ready. */
  async anotherAgent(name: Name, than: number, withinMs = 30_000): Promise<number> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const { stdout } = await this.node(name).run(['cat', '/run/holdfast/status.json'], budget);
      const { pid, phase } = (JSON.parse(stdout) as { agent: { pid: number; phase: string } }).agent;
      if (pid !== than && phase === 'running') return pid;
      if (performance.now() > deadline)
        throw new Error(`${name}: no other agent after ${withinMs} ms\n${await this.keeperLog(name)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
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

  async held(by: readonly Name[], withinMs = 30_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const held = await this.holders();
      if (held.join() === by.join()) return;
      if (performance.now() > deadline)
        throw new Error(`${held.join()} hold it after ${withinMs} ms\n${this.log()}`);
    }
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
    // Nobody kicks them any more when the lab ends.
    for (const watchdog of this.#watchdogs.values()) watchdog.close();
    this.#client?.kill('SIGKILL');
    await this.lab.close();
  }
}
