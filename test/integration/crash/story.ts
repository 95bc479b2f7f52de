import { type Client, connect } from '@holdfast/client';
import type { Status } from '@holdfast/core';
import { type Lab, type LabAgent, type LabNode, openLab, preparePostgres, startAgent } from '@holdfast/lab';

const budget = { budgetMs: 60_000 };
export const dataDirectory = '/srv/pg/data';
const address = '10.77.0.50';

/** What the agent is in the middle of when it is killed. */
const deeds = ['restore', 'remove', 'kill postmaster', 'delete address'] as const;
export type Deed = (typeof deeds)[number];

/** What serves on the node, from the kernel and PostgreSQL themselves. */
export type World = Readonly<{ address: boolean; mount: boolean; postmaster: number | undefined }>;

/** A node with an address, a file system and a PostgreSQL that needs both, under an agent that dies and comes back. */
export class Story {
  readonly lab: Lab;
  readonly node: LabNode;
  readonly client: Client;
  #agent: LabAgent;
  /** What the lab itself runs there. */
  #before: ReadonlySet<number> = new Set();

  private constructor(lab: Lab, node: LabNode, agent: LabAgent) {
    this.lab = lab;
    this.node = node;
    this.#agent = agent;
    this.client = connect({ socketPath: node.path('/run/holdfast/agent.sock') });
  }

  static async open(): Promise<Story> {
    const lab = await openLab();
    const node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
    const { device } = await lab.addDisk({ name: 'pg', sizeMb: 192 });
    await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory });
    const story = new Story(lab, node, await startAgent(node));
    story.#before = new Set((await story.#processes()).map(({ pid }) => pid));
    const document = {
      nodes: ['alpha'],
      // Every round kills something: the point is what a crash does, not when repairs are spent.
      policy: { localRecovery: { attempts: 100_000 } },
      resources: {
        ip: { type: 'ip', settings: { address: `${address}/24`, device: 'eth0' } },
        fs: { type: 'filesystem', settings: { device, mountPoint: '/srv/pg', fsType: 'ext4' } },
        pg: { type: 'postgresql', needs: ['fs', 'ip'], settings: { dataDirectory } },
      },
    };
    const applied = await story.client.apply({ document });
    if (!applied.ok) throw new Error(JSON.stringify(applied));
    return story;
  }

  /** Sets the deed going, and does not wait for its end. Answers whether the agent took it, once that is known. */
  begin(deed: Deed): Promise<boolean> {
    if (deed === 'kill postmaster')
      return this.#ok(['pkill', '-KILL', '-F', `${dataDirectory}/postmaster.pid`]);
    if (deed === 'delete address') return this.#ok(['ip', 'address', 'del', `${address}/24`, 'dev', 'eth0']);
    const asked = this.client.command({
      action: deed,
      tag: 'pg',
      ...(deed === 'remove' ? { reach: 'whole' } : {}),
    });
    return asked.then(({ ok }) => ok);
  }

  async killAgent(): Promise<void> {
    await this.#agent.kill();
  }

  async startAgent(): Promise<void> {
    this.#agent = await startAgent(this.node);
  }

  agentLog(): string {
    return this.#agent.log().split('\n').slice(-40).join('\n');
  }

  /** Waits until nothing more is to be done, and answers the status then. */
  async settled(): Promise<Status> {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const status = await this.client.status();
      if (!status.ok) throw new Error(`no status: ${JSON.stringify(status)}`);
      const { resources, operations } = status.value;
      const isAsWanted = resources.every(
        ({ want, state }) => state === (want === 'inService' ? 'ISP' : 'OSU'),
      );
      if (isAsWanted && operations.length === 0) return status.value;
      if (performance.now() > deadline) {
        const says = resources.map(({ tag, want, state, reason }) => `${tag} ${state} (${want}): ${reason}`);
        throw new Error(`not as wanted after 30 s:\n${says.join('\n')}\n${this.agentLog()}`);
      }
    }
  }

  async world(): Promise<World> {
    const [held, mounted, pids] = await Promise.all([
      this.node.run(['ip', '-brief', 'address', 'show', 'to', address], budget),
      this.node.run(['findmnt', '-n', '/srv/pg'], budget),
      this.node.run(['pgrep', '-x', 'postgres', '-P', '1'], budget),
    ]);
    const postmasters = pids.stdout.trim().split('\n').filter(Boolean).map(Number);
    if (postmasters.length > 1) throw new Error(`two servers: ${postmasters.join(', ')}`);
    return { address: held.stdout !== '', mount: mounted.ok, postmaster: postmasters[0] };
  }

  async isReady(): Promise<boolean> {
    const query = ['psql', '-h', address, '-U', 'postgres', '-XAtc', 'select 1'] as const;
    return (await this.lab.client.run(query, { budgetMs: 5_000 })).ok;
  }

  async #processes() {
    const { stdout } = await this.node.run(['ps', '-eo', 'pid=,ppid=,args='], budget);
    return stdout
      .trim()
      .split('\n')
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!)
      .map(([, pid, parent, args]) => ({ pid: Number(pid), parent: Number(parent), args: args! }));
  }

  async becomesReady(): Promise<boolean> {
    const deadline = performance.now() + 20_000;
    for (;;) {
      const isReady = await this.isReady();
      if (isReady || performance.now() > deadline) return isReady;
    }
  }

  /** Programs that belong neither to the agent nor to the server: what a death left behind. */
  async orphans(): Promise<readonly string[]> {
    // What was started from outside, as the agent and this `ps` were, has no parent in the node.
    return (await this.#processes())
      .filter(({ parent, pid, args }) => parent === 1 && pid !== 1 && !/\/postgres -D/.test(args))
      .filter(({ pid }) => !this.#before.has(pid))
      .map(({ args }) => args);
  }

  /** Steps that began before what they wait for was done, of all operations that the journal has. */
  async outOfOrder(): Promise<readonly string[]> {
    const listed = await this.client.operations();
    if (!listed.ok) throw new Error('no operations');
    return listed.value.operations.flatMap(({ id, events }) => {
      const done = new Set<string>();
      const wrong: string[] = [];
      let waits = new Map<string, readonly string[]>();
      for (const event of events) {
        if (event.kind === 'operation-begun')
          waits = new Map(event.steps.map((step) => [step.id, step.after]));
        if (event.kind === 'step-ended' && event.result === 'done') done.add(event.step);
        if (event.kind !== 'step-begun') continue;
        const missing = (waits.get(event.step) ?? []).filter((one) => !done.has(one));
        if (missing.length > 0) wrong.push(`${id}: ${event.step} began before ${missing.join(', ')}`);
      }
      return wrong;
    });
  }

  close(): Promise<void> {
    return this.lab.close();
  }

  async #ok(argv: readonly [string, ...string[]]): Promise<boolean> {
    return (await this.node.run(argv, budget)).ok;
  }
}
