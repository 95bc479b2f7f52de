import { createHash } from 'node:crypto';
import {
  type Lab,
  type LabAgent,
  type LabEtcd,
  type LabNode,
  openLab,
  startAgent,
  startEtcd,
} from '@holdfast/lab';

const budget = { budgetMs: 60_000 };
const names = ['alpha', 'beta', 'gamma'] as const;
export type Name = (typeof names)[number];
const addressOf = { alpha: '10.77.0.2', beta: '10.77.0.3', gamma: '10.77.0.4' } as const;

/** What an application of these tests is: a file. Everything about it is quick, so a test is about the cluster. */
const scripts = {
  restore:
    '#!/bin/sh\ntest ! -e /etc/refuse || { echo "refused here" >&2; exit 1; }\ntouch /run/$HOLDFAST_ID\n',
  remove:
    '#!/bin/sh\ntest ! -e /etc/stuck || { echo "it would not go" >&2; exit 1; }\nrm -f /run/$HOLDFAST_ID\n',
  quickCheck: '#!/bin/sh\ntest -e /run/$HOLDFAST_ID\n',
} as const;
const folder = '/etc/holdfast/app';

/** A part of a document: an application that is a file. */
export function app(id: string, more: object = {}): object {
  const given = Object.entries(scripts).map(([name, text]) => [
    name,
    { path: `${folder}/${name}`, sha256: createHash('sha256').update(text).digest('hex') },
  ]);
  return { type: 'app', settings: { id, ...Object.fromEntries(given) }, ...more };
}

/** Three nodes with a member of etcd each, whose applications are files. */
export class Site {
  readonly lab: Lab;
  readonly #etcd: LabEtcd;
  readonly #nodes = new Map<Name, LabNode>();
  readonly #agents = new Map<Name, LabAgent>();

  private constructor(lab: Lab, etcd: LabEtcd, nodes: readonly LabNode[]) {
    this.lab = lab;
    this.#etcd = etcd;
    for (const node of nodes) this.#nodes.set(node.name as Name, node);
  }

  static async open(): Promise<Site> {
    const lab = await openLab();
    const nodes = await Promise.all(names.map((name) => lab.addNode({ name, address: addressOf[name] })));
    const args = ['--pre-vote=true'];
    const etcd = await startEtcd(lab, { on: nodes, heartbeatMs: 20, electionMs: 200, args });
    const site = new Site(lab, etcd, nodes);
    await Promise.all(nodes.map((node) => site.#bringScripts(node)));
    for (const name of names) await site.start(name);
    return site;
  }

  node(name: Name): LabNode {
    return this.#nodes.get(name)!;
  }

  agent(name: Name): LabAgent {
    return this.#agents.get(name)!;
  }

  async #bringScripts(node: LabNode): Promise<void> {
    for (const [name, text] of Object.entries(scripts)) await node.writeFile(`${folder}/${name}`, text);
    await this.#must(node.name as Name, [
      'sh',
      '-c',
      `chmod -R u=rwX,go=rX ${folder} && chmod 755 ${folder}/*`,
    ]);
  }

  /** Starts the agent of a node that is there, or of a new one in the place of one that lost its power. */
  async start(name: Name): Promise<void> {
    if (!this.#nodes.has(name)) {
      const node = await this.lab.addNode({ name, address: addressOf[name] });
      this.#nodes.set(name, node);
      await this.#etcd.replace(node);
      await this.#bringScripts(node);
    }
    const own = addressOf[name];
    const endpoints = [own, ...Object.values(addressOf).filter((one) => one !== own)];
    const store = {
      kind: 'etcd',
      endpoints: endpoints.map((host) => `http://${host}:2379`),
      preset: 'fast',
      times: { right: '3s', drop: '2s', margin: '750ms' },
      operationsMax: 8192,
      nodeDown: ['kill', '-USR1', '1'],
    };
    this.#agents.set(name, await startAgent(this.node(name), { config: { store }, readyWithinMs: 30_000 }));
  }

  async powerCut(name: Name): Promise<void> {
    await this.lab.powerCut(this.node(name));
    this.#nodes.delete(name);
    this.#agents.delete(name);
  }

  /** Waits until a node took itself down. */
  async gone(name: Name): Promise<void> {
    await this.agent(name).ended;
    this.#nodes.delete(name);
    this.#agents.delete(name);
  }

  /** Puts a document in force. */
  async apply(document: object): Promise<void> {
    const by = [...this.#nodes.keys()][0]!;
    await this.node(by).writeFile('/root/site.yaml', JSON.stringify({ nodes: names, ...document }));
    await this.#must(by, ['holdfast', 'apply', '/root/site.yaml']);
  }

  /** Runs a command on a node; a test that expects it to fail looks at the answer of `run`. */
  async do(name: Name, ...argv: [string, ...string[]]): Promise<string> {
    return this.#must(name, argv);
  }

  run(name: Name, ...argv: [string, ...string[]]) {
    return this.node(name).run(argv, budget);
  }

  async #must(name: Name, argv: [string, ...string[]]): Promise<string> {
    const { ok, says, stdout, stderr } = await this.node(name).run(argv, budget);
    if (!ok) throw new Error(`${name}: ${argv.join(' ')}: ${says}\n${stdout}${stderr}\n${this.log()}`);
    return stdout;
  }

  /** Where the file of an application is, at this moment. */
  async holders(id: string): Promise<readonly Name[]> {
    const there = [...this.#nodes.keys()].sort();
    const held = await Promise.all(
      there.map(async (name) => (await this.run(name, 'test', '-e', `/run/${id}`)).ok),
    );
    return there.filter((_, at) => held[at]);
  }

  async status(name: Name): Promise<SeenStatus> {
    const { stdout } = await this.run(name, 'holdfast', 'status', '--json');
    return JSON.parse(stdout) as SeenStatus;
  }

  async states(name: Name): Promise<Record<string, string>> {
    const { resources } = await this.status(name);
    return Object.fromEntries(resources.map(({ tag, state }) => [tag, state]));
  }

  /** Looks again and again until it is so, within a bound. */
  async until(what: string, isSo: () => Promise<boolean>, withinMs = 20_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!(await isSo())) {
      if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}\n${this.log()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  holdersBecome(id: string, expected: readonly Name[], withinMs?: number): Promise<void> {
    const what = `${id} is on ${expected.join(' and ') || 'no node'}`;
    return this.until(what, async () => (await this.holders(id)).join() === expected.join(), withinMs);
  }

  log(): string {
    return [...this.#agents].map(([name, agent]) => `--- ${name}\n${agent.log().slice(-5_000)}`).join('\n');
  }

  close(): Promise<void> {
    return this.lab.close();
  }
}

export type SeenStatus = Readonly<{
  hierarchies: readonly {
    id: string;
    owner: string | null;
    nodes: readonly { node: string; readiness?: { state: string; why?: string } }[];
  }[];
  resources: readonly { tag: string; state: string; blocked?: string }[];
}>;
