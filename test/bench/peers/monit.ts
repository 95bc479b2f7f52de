import { openLab } from '@holdfast/lab';
import {
  address,
  answers,
  budget,
  dataDirectory,
  type FaultBench,
  must,
  openFaultBench,
  sharedFaults,
} from '../faults.ts';
import { bringPeer } from './bringPeer.ts';

export type MonitBench = FaultBench & Readonly<{ settle: () => Promise<void> }>;

/**
 * Gives monit the same address, file systems and PostgreSQL, in a lab of its own, with cycles of a second. It is no
 * cluster manager and knows no order between an address and a server: what it is told of each is a script and a start.
 */
export async function withMonit<Result>(
  use: (bench: MonitBench) => Promise<Result>,
): Promise<Readonly<{ ok: true; value: Result } | { ok: false; why: string }>> {
  const why = await bringPeer('monit');
  if (why !== undefined) return { ok: false, why };
  const lab = await openLab();
  try {
    const bench = await openFaultBench(lab);
    const settle = () => allServed(bench);
    await bringUp(bench);
    await configure(bench);
    bench.node.start(['monit', '-I', '-c', '/etc/monit/bench']);
    await settle();
    // Its first cycles only learn how things are.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    return { ok: true, value: await use({ ...bench, settle }) };
  } catch (error) {
    return { ok: false, why: `monit: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await lab.close();
  }
}

async function bringUp({ node, device, spare }: FaultBench): Promise<void> {
  await must(node.run(['mkdir', '-p', '/srv/spare', '/srv/pg'], budget));
  await must(node.run(['mount', device, '/srv/pg'], budget));
  await must(node.run(['mount', spare, '/srv/spare'], budget));
  await must(node.run(['ip', 'address', 'add', `${address}/24`, 'dev', 'eth0'], budget));
}

async function configure({ node, programs, spare }: FaultBench): Promise<void> {
  const folder = '/usr/local/lib/bench';
  const scripts = {
    'has-address': `ip -brief address show to ${address} | grep -q .`,
    'add-address': `ip address add ${address}/24 dev eth0`,
    'has-spare': 'mountpoint -q /srv/spare',
    'mount-spare': `mount ${spare} /srv/spare`,
  };
  for (const [name, line] of Object.entries(scripts))
    await node.writeFile(`${folder}/${name}`, `#!/bin/sh\n${line}\n`, 0o755);
  const ctl = `${programs}/pg_ctl -D ${dataDirectory}`;
  const asPostgres = 'as uid "postgres" and gid "postgres"';
  const text = `
set daemon 1
set logfile /run/monit.log
set idfile /run/monit.id
set statefile /run/monit.state
set pidfile /run/monit.pid

check process postgres with pidfile ${dataDirectory}/postmaster.pid
  start program = "${ctl} -w -t 30 -l ${dataDirectory}/monit.log start" ${asPostgres} with timeout 30 seconds
  stop program = "${ctl} -m fast stop" ${asPostgres}

check program address with path "${folder}/has-address"
  if status != 0 then exec "${folder}/add-address"

check program spare with path "${folder}/has-spare"
  if status != 0 then exec "${folder}/mount-spare"
`;
  // monit refuses a file that others may read.
  await node.writeFile('/etc/monit/bench', text, 0o600);
}

/** Everything is there, and a cycle has seen it. */
async function allServed(bench: FaultBench): Promise<void> {
  for (const what of [sharedFaults.address.untilServed, sharedFaults.unmounted.untilServed, answers])
    await what(bench);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
}
