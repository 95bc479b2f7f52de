import { fileURLToPath } from 'node:url';
import type { AbortStep, CheckResult, Outcome, Readiness } from '@holdfast/kit';
import { type Lab, type LabNode, type Lines, openLab, openLines } from '@holdfast/lab';
import { driveKit } from '@holdfast/testkit/kits';
import { mainCf, masterCf } from './instance.ts';

export const address = '10.77.0.50';
export const folder = '/srv/mail';
export const pidFile = `${folder}/queue/pid/master.pid`;
export const settings = {
  configDirectory: `${folder}/etc`,
  queueDirectory: `${folder}/queue`,
  queueMountPoint: folder,
  bannerTimeoutMs: 2_000,
};
export const log = '/var/log/mail-protected.log';

/** The bystander: another instance, which runs all the time. */
export const other = {
  folder: '/srv/other',
  address: '10.77.0.60',
  pidFile: '/srv/other/queue/pid/master.pid',
  settings: {
    configDirectory: '/srv/other/etc',
    queueDirectory: '/srv/other/queue',
    bannerTimeoutMs: 2_000,
  },
};

const program = (name: string): string => fileURLToPath(new URL(`programs/${name}`, import.meta.url));
export const greeting = program('greeting.sh');

export type Seen = CheckResult & { tookMs: number };

/** A node with two mail servers on it, and a client. One is protected; the other must never be disturbed. */
export type Bench = Readonly<{
  lab: Lab;
  node: LabNode;
  device: string;
  call: <Answer>(action: string, changed?: object, budgetMs?: number) => Promise<Answer & { tookMs: number }>;
  check: (changed?: object) => Promise<Seen>;
  must: (action: 'restore' | 'remove' | 'recover', changed?: object) => Promise<string>;
  sh: (script: string) => Promise<string>;
  client: Lines['ask'];
}>;

export async function openBench(): Promise<Bench> {
  const lab = await openLab();
  const node = await lab.addNode({ name: 'mail-alpha', address: '10.77.0.11' });
  const { device } = await lab.addDisk({ name: 'mail', sizeMb: 48 });
  const sh = async (script: string): Promise<string> => {
    const ran = await node.run(['sh', '-euc', script], { budgetMs: 60_000 });
    if (!ran.ok) throw new Error(`${script}: ${ran.says}\n${ran.stdout}${ran.stderr}`);
    return ran.stdout.trim();
  };
  await sh(`
    ip link set lo up
    ip addr add ${address}/32 dev eth0; ip addr add ${other.address}/32 dev eth0
    mkdir -p ${folder}; mount -o errors=remount-ro ${device} ${folder}
  `);
  for (const one of [
    { folder, address, log },
    { folder: other.folder, address: other.address, log: '/var/log/mail-other.log' },
  ]) {
    await sh(`mkdir -p ${one.folder}/etc ${one.folder}/queue
      install -d -o postfix ${one.folder}/data; install -d -o nobody ${one.folder}/box`);
    await node.writeFile(`${one.folder}/etc/main.cf`, mainCf(one));
    await node.writeFile(`${one.folder}/etc/master.cf`, masterCf);
    // A queue is made by hand, once; the kit never makes one.
    await sh(`postfix -c ${one.folder}/etc check`);
  }
  await sh(`cp -a ${folder}/etc /srv/etc-kept; sync`);
  const drive = await openLines(node, driveKit, 'postfix');
  const client = await openLines(lab.client, program('client.ts'));

  const call: Bench['call'] = (action, changed = {}, budgetMs = 20_000) =>
    drive.ask({ do: 'act', action, settings: { ...settings, ...changed }, budgetMs });
  const bench: Bench = {
    lab,
    node,
    device,
    call,
    sh,
    check: (changed) => call<CheckResult>('quickCheck', changed, 5_000),
    must: async (action, changed) => {
      const outcome = await call<Outcome>(action, changed);
      if (outcome.result !== 'done') throw new Error(`${action}: ${outcome.evidence}`);
      return outcome.evidence;
    },
    client: client.ask,
  };
  await bench.must('restore', { ...other.settings, queueMountPoint: undefined });
  return bench;
}

/** Out of service, and everything as it was at first. */
export async function resetBench({ must, client, sh, device }: Bench): Promise<void> {
  await client({ do: 'leave' });
  await must('remove');
  await sh(`
    mountpoint -q ${folder} || mount -o errors=remount-ro ${device} ${folder}
    rm -rf ${folder}/etc ${folder}/fill /srv/etc-rescued
    cp -a /srv/etc-kept ${folder}/etc
    chown postfix ${folder}/data
    find ${folder}/queue -type f ! -path '*/pid/*' -delete
    rm -rf ${folder}/box/all
    ip addr show dev eth0 | grep -q ' ${address}/' || ip addr add ${address}/32 dev eth0
    install -o postfix -m 0644 /dev/null ${log}
  `);
}

export type { AbortStep, Outcome, Readiness };
