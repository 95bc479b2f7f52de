import { fileURLToPath } from 'node:url';
import { LabError } from '../labError.ts';
import { type LabNode, must } from '../labHost.ts';
import type { Lab } from '../openLab.ts';
import { waitUntil } from '../waitUntil.ts';
import { askStatus, type MemberStatus } from './askStatus.ts';
import { EtcdMember } from './etcdMember.ts';
import { type EtcdTls, makeCertificates } from './makeCertificates.ts';

export type EtcdOptions = Readonly<{
  /** So many, each in a node of its own; 3 when left out. */
  members?: number;
  /** Or one in each of these nodes. */
  on?: readonly LabNode[];
  /** 100 when left out, as with etcd. */
  heartbeatMs?: number;
  /** 1000 when left out, as with etcd. */
  electionMs?: number;
  /** Every connection with certificates on both sides. */
  tls?: boolean;
  /** Beside the lab's own, as etcd takes them. */
  args?: readonly string[];
}>;

/** An etcd in the lab. It has its data in memory, and is gone with the lab. */
export type LabEtcd = Readonly<{
  members: readonly EtcdMember[];
  /** For clients inside the lab. */
  endpoints: readonly string[];
  /** The files of a client's certificate, as hosts of the lab see them; undefined without `tls`. */
  tls: EtcdTls | undefined;
  /** After a power cut: an empty member on a new node of the same name and address. Without TLS alone. */
  replace: (node: LabNode) => Promise<void>;
  /** What every member that answers says of itself. */
  status: () => Promise<readonly MemberStatus[]>;
  /** The leader that a majority names, waiting for one within a bound. `not` is one that it must no longer be. */
  leader: (options?: Readonly<{ withinMs?: number; not?: EtcdMember }>) => Promise<EtcdMember>;
}>;

const replaceProgram = fileURLToPath(new URL('replaceMember.ts', import.meta.url));
const readyWithinMs = 15_000;
const firstAddress = 101;

/** Starts an etcd whose members are on the lab's network, and gives it back once a leader is elected. */
export async function startEtcd(lab: Lab, options: EtcdOptions = {}): Promise<LabEtcd> {
  const nodes = options.on ?? (await addNodes(lab, options.members ?? 3));
  const scheme = options.tls === true ? 'https' : 'http';
  const tls = options.tls === true ? await makeCertificates(lab, nodes) : undefined;
  const peers = nodes.map(({ name, address }) => `${name}=${scheme}://${address}:2380`).join(',');
  const timing = [
    ...['--heartbeat-interval', String(options.heartbeatMs ?? 100)],
    ...['--election-timeout', String(options.electionMs ?? 1_000)],
  ];
  const members = nodes.map(
    (node) =>
      new EtcdMember(node, {
        scheme,
        peers,
        args: [...timing, '--max-txn-ops', '8192', ...(options.args ?? [])],
        tls,
      }),
  );
  await Promise.all(members.map((member) => member.start()));
  const replace = async (node: LabNode): Promise<void> => {
    const others = members.filter(({ name }) => name !== node.name).map(({ endpoint }) => endpoint);
    const argv = [process.execPath, replaceProgram, node.name, `${scheme}://${node.address}:2380`, ...others];
    await must(lab.client, argv as [string, ...string[]], { budgetMs: 20_000 });
    const args = [
      ...timing,
      '--max-txn-ops',
      '8192',
      '--initial-cluster-state',
      'existing',
      ...(options.args ?? []),
    ];
    const member = new EtcdMember(node, { scheme, peers, args, tls });
    await member.start();
    const at = members.findIndex(({ name }) => name === node.name);
    members[at] = member;
  };
  const status = (): Promise<readonly MemberStatus[]> => askStatus(lab.client, members, tls);
  const leader: LabEtcd['leader'] = async ({ withinMs = readyWithinMs, not } = {}) => {
    let found: EtcdMember | undefined;
    const isFound = await waitUntil(async () => {
      found = namedByMajority(await status(), members);
      return found !== undefined && found !== not;
    }, withinMs);
    if (!isFound || found === undefined) throw noLeader(members, withinMs);
    return found;
  };
  await leader();
  return { members, endpoints: members.map(({ endpoint }) => endpoint), tls, replace, status, leader };
}

function namedByMajority(
  all: readonly MemberStatus[],
  members: readonly EtcdMember[],
): EtcdMember | undefined {
  for (const { member, id } of all) {
    const votes = all.filter(({ leaderId }) => leaderId === id).length;
    if (votes * 2 > members.length) return member;
  }
  return undefined;
}

async function addNodes(lab: Lab, count: number): Promise<readonly LabNode[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      lab.addNode({ name: `etcd${index + 1}`, address: `10.77.0.${firstAddress + index}` }),
    ),
  );
}

function noLeader(members: readonly EtcdMember[], withinMs: number): LabError {
  return new LabError({
    what: `No member of etcd was elected within ${withinMs} ms.`,
    why: members.map((member) => `${member.name}: ${member.log().slice(-600) || 'no output'}`).join('\n'),
    todo: `look at it by hand: ${members[0]?.node.enterCommand}`,
  });
}
