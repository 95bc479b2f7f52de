import { readFileSync } from 'node:fs';
import { LabError } from '../labError.ts';
import { type LabNode, must } from '../labHost.ts';
import { startedAt } from '../startedAt.ts';
import { waitUntil } from '../waitUntil.ts';
import type { EtcdTls } from './makeCertificates.ts';

export type MemberOptions = Readonly<{
  scheme: 'http' | 'https';
  peers: string;
  args: readonly string[];
  tls: EtcdTls | undefined;
}>;

/** In every node /run is in memory: a member waits for no disk, and leaves nothing. */
const dataDirectory = '/run/etcd';
const logFile = '/run/etcd.log';
const budget = { budgetMs: 10_000 };
/** It leaves its starter behind: what stands in front of a program is stopped with it, and stays so. */
const startDetached = 'setsid --fork etcd "$@" >>/run/etcd.log 2>&1 </dev/null';

/** One member of the lab's etcd, and what can happen to it. */
export class EtcdMember {
  readonly node: LabNode;
  readonly endpoint: string;
  readonly #options: MemberOptions;
  #running: Readonly<{ pid: number; since: string }> | undefined;

  constructor(node: LabNode, options: MemberOptions) {
    this.node = node;
    this.#options = options;
    this.endpoint = `${options.scheme}://${node.address}:2379`;
  }

  get name(): string {
    return this.node.name;
  }

  /** As this machine sees it; undefined while it does not run. */
  get pid(): number | undefined {
    return this.#isRunning() ? this.#running?.pid : undefined;
  }

  /** Starts it, or starts it again with the data that it had. */
  async start(): Promise<void> {
    await must(this.node, ['sh', '-c', startDetached, 'sh', ...this.#argv()], budget);
    const isThere = await waitUntil(() => {
      const pid = findEtcd(this.node.pid);
      const since = pid === undefined ? undefined : startedAt(pid);
      this.#running = pid === undefined || since === undefined ? undefined : { pid, since };
      return this.#running !== undefined;
    }, 5_000);
    if (isThere) return;
    throw new LabError({
      what: `etcd was not started in ${this.name}.`,
      why: this.log() || 'it said nothing',
      todo: 'see that Debian has etcd-server: node packages/lab/setup.js',
    });
  }

  /** As when the power goes: it writes nothing more. */
  async kill(): Promise<void> {
    this.#signal('SIGKILL');
    if (await waitUntil(() => !this.#isRunning(), 5_000)) return;
    throw new LabError({
      what: `etcd in ${this.name} does not end.`,
      why: `process ${this.#running?.pid} is there 5 s after SIGKILL`,
      todo: 'look at what the kernel waits for: /proc/PID/stack',
    });
  }

  /** It keeps its connections and answers nothing, as a machine that hangs. */
  stop(): void {
    this.#signal('SIGSTOP');
  }

  /** After `stop`: it goes on, and does not know that time has passed. */
  resume(): void {
    this.#signal('SIGCONT');
  }

  /**
   * Packets to it and from it vanish, without a word to either side: all of them, or those between the members alone,
   * so that clients still reach a member that is cut off from its cluster; or its answers to clients, so that what
   * they ask for is done and they do not hear of it.
   */
  async partition(from: 'everybody' | 'members' | 'answers'): Promise<void> {
    const rules = lostPackets[from];
    const chains = (['input', 'output'] as const).map(
      (hook) => `chain ${hook} {\ntype filter hook ${hook} priority 0\n${rules[hook]}\n}`,
    );
    const table = `table inet partition {\n${chains.join('\n')}\n}\n`;
    await must(this.node, ['nft', '-f', '-'], { ...budget, input: table });
  }

  async heal(): Promise<void> {
    await must(this.node, ['nft', 'delete', 'table', 'inet', 'partition'], budget);
  }

  /** The last part of what it wrote. */
  log(): string {
    return readFileSync(this.node.path(logFile), 'utf8').slice(-20_000);
  }

  #signal(name: NodeJS.Signals): void {
    if (this.pid !== undefined) process.kill(this.pid, name);
  }

  #isRunning(): boolean {
    return this.#running !== undefined && startedAt(this.#running.pid) === this.#running.since;
  }

  #argv(): readonly string[] {
    const { scheme, peers, args, tls } = this.#options;
    const client = `${scheme}://${this.node.address}:2379`;
    const peer = `${scheme}://${this.node.address}:2380`;
    return [
      ...['--name', this.name, '--data-dir', dataDirectory],
      ...['--listen-client-urls', client, '--advertise-client-urls', client],
      ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer],
      ...['--initial-cluster', peers, '--initial-cluster-token', 'lab'],
      ...(tls === undefined ? [] : tlsArgs(tls, this.name)),
      ...args,
    ];
  }
}

/** Among the children of the node's first process, which takes in whatever lost its starter. */
function findEtcd(firstProcess: number): number | undefined {
  const children = readFileSync(`/proc/${firstProcess}/task/${firstProcess}/children`, 'utf8');
  return children
    .trim()
    .split(' ')
    .map(Number)
    .find((pid) => nameOf(pid) === 'etcd' && startedAt(pid) !== undefined);
}

function nameOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return undefined; // It ended while we looked.
  }
}

const betweenMembers = 'tcp dport 2380 drop\ntcp sport 2380 drop';
const lostPackets = {
  everybody: { input: 'iifname != "lo" drop', output: 'oifname != "lo" drop' },
  members: { input: betweenMembers, output: betweenMembers },
  answers: { input: '', output: 'tcp sport 2379 drop' },
} as const;

function tlsArgs({ folder }: EtcdTls, name: string): readonly string[] {
  const [cert, key, ca] = [`${folder}/${name}.pem`, `${folder}/${name}-key.pem`, `${folder}/ca.pem`];
  return [
    ...['--cert-file', cert, '--key-file', key, '--trusted-ca-file', ca, '--client-cert-auth'],
    ...[
      '--peer-cert-file',
      cert,
      '--peer-key-file',
      key,
      '--peer-trusted-ca-file',
      ca,
      '--peer-client-cert-auth',
    ],
  ];
}
