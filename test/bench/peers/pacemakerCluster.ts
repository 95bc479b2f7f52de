import { accountOf, run } from '@holdfast/kit';
import type { LabNode } from '@holdfast/lab';
import { budget, must } from '../faults.ts';

/** A cluster of one node, with what the node calls its resources. */
export type PacemakerCluster = Readonly<{
  /** Adds to the section of the configuration, or changes what has the same ids. */
  configure: (section: 'resources' | 'crm_config' | 'rsc_defaults', xml: string) => Promise<void>;
  /** Waits until nothing is left to do. */
  settle: () => Promise<void>;
}>;

/**
 * Starts corosync and Pacemaker in a node of the lab, in its own namespaces and files: every write of a node is
 * private, so the machine's /run, /dev/shm, /var/lib/corosync and /var/lib/pacemaker are never touched. It ends with
 * the lab.
 */
export async function startPacemaker(node: LabNode): Promise<PacemakerCluster> {
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
  await node.writeFile('/etc/corosync/corosync.conf', corosyncConf(node));
  node.start(['corosync', '-f']);
  await waitFor(node, ['corosync-quorumtool', '-s'], 'corosync');
  node.start(['pacemakerd', '-f']);
  await waitFor(node, ['sh', '-c', 'crm_mon -1 | grep -q "Online: \\[ *[a-z]"'], 'pacemaker');

  const configure: PacemakerCluster['configure'] = async (section, xml) => {
    const argv = ['cibadmin', '--modify', '--allow-create', '--scope', section, '--xml-pipe'] as const;
    await must(node.run(argv, { ...budget, input: xml }));
  };
  await configure(
    'crm_config',
    `<cluster_property_set id="options"><nvpair id="stonith" name="stonith-enabled" value="false"/><nvpair id="quorum" name="no-quorum-policy" value="ignore"/></cluster_property_set>`,
  );
  return {
    configure,
    settle: async () => {
      await must(node.run(['crm_resource', '--wait', '--timeout=50'], budget));
    },
  };
}

function corosyncConf(node: LabNode): string {
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
  expected_votes: 1
}
nodelist {
  node {
    name: ${node.name}
    nodeid: 1
    ring0_addr: ${node.address}
  }
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
