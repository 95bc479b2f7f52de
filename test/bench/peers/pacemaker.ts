import { openLab } from '@holdfast/lab';
import { address, budget, dataDirectory, type FaultBench, must, openFaultBench } from '../faults.ts';
import { bringPeer } from './bringPeer.ts';
import { type PacemakerCluster, startPacemaker } from './pacemakerCluster.ts';

export type PacemakerBench = FaultBench &
  PacemakerCluster &
  Readonly<{ everyMs: (ms: number) => Promise<void> }>;

/**
 * Gives Pacemaker the work that the benchmarks give Holdfast, in a lab of its own: IPaddr2, Filesystem and pgsql in a
 * group, another Filesystem beside it, agents of Debian's package. Answers why when that can not be had here.
 */
export async function withPacemaker<Result>(
  use: (bench: PacemakerBench) => Promise<Result>,
): Promise<Readonly<{ ok: true; value: Result } | { ok: false; why: string }>> {
  const why = await bringPeer('pacemaker');
  if (why !== undefined) return { ok: false, why };
  const lab = await openLab();
  try {
    const bench = await openFaultBench(lab);
    const cluster = await startPacemaker([bench.node]);
    await cluster.configure('resources', resources(bench, 1_000));
    await cluster.settle();
    await must(bench.node.run(['mountpoint', '-q', '/srv/spare'], budget));
    const everyMs = async (ms: number) => {
      await cluster.configure('resources', resources(bench, ms));
      await cluster.settle();
    };
    return { ok: true, value: await use({ ...bench, ...cluster, everyMs }) };
  } catch (error) {
    return { ok: false, why: `Pacemaker: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await lab.close();
  }
}

function resources(bench: FaultBench, monitorMs: number): string {
  const alone = primitive(
    'spare',
    'Filesystem',
    { device: bench.spare, directory: '/srv/spare', fstype: 'ext4' },
    monitorMs,
  );
  return `<resources>${databaseGroup(bench, monitorMs)}${alone}</resources>`;
}

/** An address, a file system and PostgreSQL, one after the other. */
export function databaseGroup(
  { device, programs }: Pick<FaultBench, 'device' | 'programs'>,
  monitorMs: number,
): string {
  const group = [
    primitive('ip', 'IPaddr2', { ip: address, cidr_netmask: '24', nic: 'eth0' }, monitorMs),
    primitive('fs', 'Filesystem', { device, directory: '/srv/pg', fstype: 'ext4' }, monitorMs),
    primitive(
      'pg',
      'pgsql',
      {
        pgctl: `${programs}/pg_ctl`,
        psql: `${programs}/psql`,
        pgdata: dataDirectory,
        socketdir: '/run/postgresql',
        logfile: `${dataDirectory}/agent.log`,
      },
      monitorMs,
    ),
  ];
  return `<group id="db">${group.join('')}</group>`;
}

function primitive(
  id: string,
  type: string,
  settings: Readonly<Record<string, string>>,
  monitorMs: number,
): string {
  const nvpairs = Object.entries(settings).map(
    ([name, value]) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`,
  );
  const operations = [
    `<op id="${id}-monitor" name="monitor" interval="${monitorMs}ms" timeout="30s"/>`,
    `<op id="${id}-start" name="start" interval="0" timeout="60s"/>`,
    `<op id="${id}-stop" name="stop" interval="0" timeout="60s"/>`,
  ];
  return `<primitive id="${id}" class="ocf" provider="heartbeat" type="${type}"><instance_attributes id="${id}-settings">${nvpairs.join('')}</instance_attributes><operations>${operations.join('')}</operations></primitive>`;
}
