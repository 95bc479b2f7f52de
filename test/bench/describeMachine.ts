import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { run } from '@holdfast/kit';

/** What a reader must know to weigh the figures; said once, before the first of them. */
export type Machine = Readonly<{
  date: string;
  processor: string;
  memory: string;
  kernel: string;
  node: string;
  /** Over the last minute: with more than a core's worth, the figures are of a busy machine. */
  load: string;
  versions: string;
}>;

export async function describeMachine(): Promise<Machine> {
  const all = cpus();
  return {
    date: new Date().toISOString(),
    processor: `${all.length} cores of ${all[0]?.model.trim() || 'an unnamed processor'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    kernel: `Linux ${release()}`,
    node: `Node ${process.version}`,
    load: `load ${loadavg()[0]!.toFixed(1)}`,
    versions: (await packageVersions()).join(', '),
  };
}

/** Peers that are not there yet are installed by the benchmark that needs them, and are not in this list. */
async function packageVersions(): Promise<string[]> {
  if (!existsSync('/usr/bin/dpkg-query')) return ['versions unknown: no dpkg'];
  const majors = await readdir('/usr/lib/postgresql').catch(() => []);
  const names = ['pacemaker', 'corosync', 'monit', 'keepalived', 'resource-agents', 'etcd-server'];
  const wanted = [...majors.map((major) => `postgresql-${major}`), ...names];
  const said = await run(['dpkg-query', '-W', '-f', `\${Package} \${Version}\n`, ...wanted], {
    budgetMs: 10_000,
  });
  return said.stdout
    .trim()
    .split('\n')
    .filter((line) => / \S/.test(line));
}
