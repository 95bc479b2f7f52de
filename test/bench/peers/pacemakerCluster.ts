import { accountOf, run } from '@holdfast/kit';
import type { LabNode } from '@holdfast/lab';
import { budget, must } from '../faults.ts';

/** A cluster, steered from one of its nodes. */
export type PacemakerCluster = Readonly<{
  /** Adds to the section of the configuration, or changes what has the same ids. */
  configure: (section: 'resources' | 'rsc_defaults', xml: string) => Promise<void>;
  /** Waits until nothing is left to do. */
  settle: () => Promise<void>;
}>;

/** Starts corosync and Pacemaker in nodes of the lab; without fencing, which a namespace has no machine for. */
export async function startPacemaker(nodes: readonly LabNode[]): Promise<PacemakerCluster> {
  await Promise.all(nodes.map((node) => joinPacemaker(node, nodes)));
  return steerFrom(nodes[0]!);
}

export function steerFrom(node: LabNode): PacemakerCluster {
  return {
    configure: async (section, xml) => {
      const argv = ['cibadmin', '--modify', '--allow-create', '--scope', section, '--xml-pipe'] as const;
      await must(node.run(argv, { ...budget, input: xml }));
    },
    settle: async () => {
      await must(node.run(['crm_resource', '--wait', '--timeout=50'], budget));
    },
  };
}

/**
 * Starts both in one node, in its own namespaces and files: every write of a node is private, so the machine's /run,
 * /dev/shm, /var/lib/corosync and /var/lib/pacemaker are never touched. They end with the node. Ends when the cluster
 * has taken it in.
 */
export async function joinPacemaker(node: LabNode, nodes: readonly LabNode[]): Promise<void> {
  const account = await accountOf('hacluster', run);
  if (account === undefined) throw new Error('this machine has no user hacluster');
  const owned = ['install', '-d', '-m', '0750', '-o', 'hacluster', '-g', 'haclient'] as const;
  // What this machine's own may have left in the folders is not a part of this cluster.
  for (const folder of ['blackbox', 'cib', 'cores', 'pengine'])
    await must(node.run(['rm', '-rf', `/var/lib/pacemaker/${folder}`], budget));
  await must(node.run(['rm', '-rf', '/var/lib/corosync'], budget));
  await must(node.run(['mkdir', '-p', '/var/lib/corosync', '/var/log/corosync'], budget));
  for (const folder of ['/var/lib/pacemaker', '/var/log/pacemaker', '/run/crm'])
    await must(node.run([...owned, folder], budget));
  for (const folder of ['blackbox', 'cib', 'cores', 'pengine'])
    await must(node.run([...owned, `/var/lib/pacemaker/${folder}`], budget));
  const cib = '/var/lib/pacemaker/cib/cib.xml';
  await node.writeFile(cib, firstCib(nodes.length), 0o600);
  await must(node.run(['chown', 'hacluster:haclient', cib], budget));
  await node.writeFile('/etc/corosync/corosync.conf', corosyncConf(nodes));
  node.start(['corosync', '-f']);
  await waitFor(node, ['corosync-quorumtool', '-s'], 'corosync');
  node.start(['pacemakerd', '-f']);
  await waitFor(node, ['sh', '-c', `crm_mon -1 | grep -q "Online:.* ${node.name} "`], 'pacemaker');
}

/**
 * What the cluster begins with. A node alone has no quorum to lose; of three, those without it stop what they have. It
 * waits 20 s for a coordinator before it elects one, at its first start alone: none of what is measured is shortened.
 */
function firstCib(count: number): string {
  const properties = {
    'stonith-enabled': 'false',
    'no-quorum-policy': count === 1 ? 'ignore' : 'stop',
    'dc-deadtime': '2s',
  };
  const nvpairs = Object.entries(properties).map(
    ([name, value]) => `<nvpair id="options-${name}" name="${name}" value="${value}"/>`,
  );
  return `<cib crm_feature_set="3.0.14" validate-with="pacemaker-3.0" epoch="1" num_updates="0" admin_epoch="0"><configuration><crm_config><cluster_property_set id="options">${nvpairs.join('')}</cluster_property_set></crm_config><nodes/><resources/><constraints/></configuration><status/></cib>`;
}

function corosyncConf(nodes: readonly LabNode[]): string {
  const members = nodes.map(
    ({ name, address }, at) => `
  node {
    name: ${name}
    nodeid: ${at + 1}
    ring0_addr: ${address}
  }`,
  );
  return `
totem {
  version: 2
  cluster_name: bench
  transport: udpu
  token: 1000
  crypto_cipher: none
  crypto_hash: none
}
logging {
  to_stderr: no
  to_syslog: no
  to_logfile: yes
  logfile: /var/log/corosync/corosync.log
}
quorum {
  provider: corosync_votequorum
  expected_votes: ${nodes.length}
}
nodelist {${members.join('')}
}
`;
}

async function waitFor(node: LabNode, argv: readonly [string, ...string[]], what: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  let says = '';
  while (performance.now() < deadline) {
    const asked = await node.run(argv, { budgetMs: 10_000 });
    if (asked.ok) return;
    says = asked.says;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} was not ready within 60 s: ${says}`);
}
