import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { run } from '@holdfast/kit';
import { type Lab, type LabHost, type LabNode, type Lines, openLab, openLines } from '@holdfast/lab';
import { driveKit } from '@holdfast/testkit/kits';

/*
 *   client 10.77.0.1, fd00:77::1 ---- bridge ---- eth0 alpha 10.77.0.11, fd00:77::11
 *                                       |-------- eth1 alpha, without an address of its own
 *                                       +-------- eth0 beta  10.77.0.12, fd00:77::12
 */
export type Answer = Readonly<{
  result?: string;
  finding?: string;
  evidence: string;
  todo?: string;
  conditions?: readonly { code: string; says: string }[];
}>;

export const v4 = { address: '10.77.0.50/24', device: 'eth0' } as const;
export const v6 = { address: 'fd00:77::50/64', device: 'eth0' } as const;
export const port = 7077;

const program = (name: string): string => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

/** A node on which a kit answers as in an agent: one process for all its actions. */
export class KitNode {
  readonly node: LabNode;
  readonly #kit: Lines;
  readonly #programs: Lines;

  private constructor(node: LabNode, kit: Lines, programs: Lines) {
    this.node = node;
    this.#kit = kit;
    this.#programs = programs;
  }

  static async open(node: LabNode): Promise<KitNode> {
    const opening = [
      openLines(node, driveKit, 'ip'),
      openLines(node, program('atNode.ts'), String(port)),
    ] as const;
    return new KitNode(node, ...(await Promise.all(opening)));
  }

  act<Result = Answer>(action: string, settings: object): Promise<Result> {
    return this.#kit.ask({ do: 'act', action, settings, budgetMs: 20_000 });
  }

  /** Runs a program in the node, and throws when it fails. */
  async do(...argv: [string, ...string[]]): Promise<string> {
    const ran = await this.#programs.ask<{ ok: boolean; stdout: string; says: string }>({ argv });
    assert(ran.ok, `${argv.join(' ')}: ${ran.says}`);
    return ran.stdout;
  }

  warnings(): Promise<readonly string[]> {
    return this.#kit.ask({ do: 'warnings' });
  }

  forget(): Promise<unknown> {
    return this.#kit.ask({ do: 'forget' });
  }

  async addresses(device = 'eth0'): Promise<readonly string[]> {
    const [shown] = JSON.parse(await this.do('ip', '-json', 'addr', 'show', 'dev', device)) as [
      { addr_info: { local: string; prefixlen: number; scope: string }[] },
    ];
    return shown.addr_info
      .filter(({ scope }) => scope !== 'link')
      .map(({ local, prefixlen }) => `${local}/${prefixlen}`);
  }

  async hardwareAddress(device = 'eth0'): Promise<string> {
    return (await this.do('cat', `/sys/class/net/${device}/address`)).trim();
  }
}

export type Bench = Readonly<{
  lab: Lab;
  alpha: KitNode;
  beta: KitNode;
  /** From now until a client is served by the node at the address. */
  servedAfterMs: (settings: { address: string }, by: KitNode, sinceMs?: number) => Promise<number>;
}>;

export async function openBench(): Promise<Bench> {
  const lab = await openLab();
  try {
    const alpha = await lab.addNode({ name: 'ip-alpha', address: '10.77.0.11' });
    const beta = await lab.addNode({ name: 'ip-beta', address: '10.77.0.12' });
    await must(lab.client, 'ip', '-6', 'addr', 'add', 'fd00:77::1/64', 'dev', 'lan', 'nodad');
    await plugSecondCable(lab.client, alpha);
    const kits = await Promise.all([alpha, beta].map((node) => KitNode.open(node)));
    const probe = await openLines(lab.client, program('probe.ts'));
    return {
      lab,
      alpha: kits[0]!,
      beta: kits[1]!,
      servedAfterMs: async ({ address }, by, sinceMs = performance.now()) => {
        const host = address.split('/')[0]!;
        const request = { host, port, name: by.node.name, withinMs: 10_000 };
        const { isServed } = await probe.ask<{ isServed: boolean }>(request);
        assert(isServed, `${host} is not served by ${by.node.name}`);
        return performance.now() - sinceMs;
      },
    };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

/** Only the hub's network namespace is entered: the number behind `netns` is a process of this machine. */
async function plugSecondCable(hub: LabHost, node: LabNode): Promise<void> {
  const words = ['ip', 'link', 'add', 'second', 'master', 'lan', 'up', 'type', 'veth'];
  const argv = ['nsenter', `--net=${hub.path('/proc/1/ns/net')}`, '--', ...words] as const;
  const ran = await run(
    [...argv, 'peer', 'name', 'eth1', 'netns', String(node.pid)] as [string, ...string[]],
    {
      budgetMs: 5_000,
    },
  );
  assert(ran.ok, ran.says);
}

export async function must(host: LabHost, ...argv: [string, ...string[]]): Promise<string> {
  const ran = await host.run(argv, { budgetMs: 10_000 });
  assert(ran.ok, `${host.name}: ${argv.join(' ')}: ${ran.says}`);
  return ran.stdout;
}

/** What faults and their cures change on a node. */
const settingsAsBegun = [
  'net/ipv4/conf/all/arp_ignore=0',
  'net/ipv4/conf/eth0/ignore_routes_with_linkdown=0',
  'net/ipv4/conf/eth0/promote_secondaries=0',
  'net/ipv6/conf/eth0/keep_addr_on_down=0',
  'net/ipv6/conf/eth0/dad_transmits=1',
];

/** As after the opening: each node with its own addresses alone, all links up, no memory of what was. */
export async function resetBench({ lab, alpha, beta }: Bench): Promise<void> {
  await must(lab.client, 'ip', 'link', 'set', `port-${alpha.node.pid}`, 'up');
  await must(lab.client, 'ip', 'neigh', 'flush', 'all');
  await Promise.all(
    [alpha, beta].map(async (one) => {
      await one.forget();
      await one.do('nft', 'flush', 'ruleset');
      await one.do('sysctl', '-qw', ...settingsAsBegun);
      const isAlpha = one === alpha;
      const last = isAlpha ? 11 : 12;
      const lines = [
        'link set eth0 up',
        ...(isAlpha ? ['link set eth1 up', 'addr flush dev eth1 scope global'] : []),
        'addr flush dev lo scope global',
        'addr flush dev eth0 scope global',
        `addr add 10.77.0.${last}/24 dev eth0`,
        `-6 addr add fd00:77::${last}/64 dev eth0 nodad`,
      ];
      for (const line of lines) await one.do('ip', ...line.split(' '));
    }),
  );
}
