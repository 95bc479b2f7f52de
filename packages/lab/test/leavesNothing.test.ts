import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Started, start } from '@holdfast/kit';
import { expect, test } from '@jest/globals';
import { openLab } from '../src/index.ts';
import { waitUntil } from '../src/waitUntil.ts';
import { disksOf, pidNamespaceOf, processesIn, thisMachine } from './thisMachine.ts';

const program = fileURLToPath(new URL('programs/openAndStay.ts', import.meta.url));

type Opened = Readonly<{ client: number; node: number }>;

/** Runs the program until it has said whose lab it has opened. */
async function openElsewhere(...words: string[]): Promise<Opened & Readonly<{ opener: Started }>> {
  let said = '';
  const opener = start([process.execPath, program, ...words], {
    onOutput: (text) => {
      said += text;
    },
  });
  const isOpen = await waitUntil(() => said.includes('\n'), 15_000);
  if (!isOpen) throw new Error(`no lab was opened: ${said}${(await opener.ended).stderr}`);
  return { ...(JSON.parse(said) as Opened), opener };
}

test('after close() no process, mount, address or disk of the lab is left', async () => {
  const before = await thisMachine();
  const lab = await openLab();
  const node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  const { device } = await lab.addDisk({ name: 'data', sizeMb: 16 });
  await node.run(['mount', device, '/mnt'], { budgetMs: 5_000 });
  await node.run(['sh', '-c', 'setsid --fork sleep infinity >&- 2>&-'], { budgetMs: 5_000 });
  const namespaces = [lab.client.pid, node.pid].map(pidNamespaceOf);
  expect(processesIn(namespaces).length).toBeGreaterThan(4);
  expect(disksOf(lab.client.pid)).toEqual([device.replace('/dev/', '')]);
  expect(await thisMachine()).toEqual(before);

  await lab.close();

  expect(processesIn(namespaces)).toEqual([]);
  expect(disksOf(lab.client.pid)).toEqual([]);
  expect(await thisMachine()).toEqual(before);
});

test('close() may be called again, and while it is under way', async () => {
  const lab = await openLab();
  const namespaces = [pidNamespaceOf(lab.client.pid)];
  await Promise.all([lab.close(), lab.close()]);
  await lab.close();
  expect(processesIn(namespaces)).toEqual([]);
});

test('within 2 s of a SIGKILL of the process that opened the lab, all of it is gone', async () => {
  const before = await thisMachine();
  const { client, node, opener } = await openElsewhere();
  const namespaces = [client, node].map(pidNamespaceOf);
  expect(disksOf(client)).toHaveLength(1);

  process.kill(opener.pid!, 'SIGKILL');

  const isGone = await waitUntil(
    () => processesIn(namespaces).length === 0 && disksOf(client).length === 0,
    2_000,
  );
  expect({ isGone, processes: processesIn(namespaces), disks: disksOf(client) }).toEqual({
    isGone: true,
    processes: [],
    disks: [],
  });
  expect(await thisMachine()).toEqual(before);
});

test('a lab that is kept outlives the process that opened it, and ends with its first process', async () => {
  const { client, node, opener } = await openElsewhere('keep');
  const namespaces = [client, node].map(pidNamespaceOf);
  try {
    const { exitCode } = await opener.ended;
    expect(exitCode).toBe(0);
    expect(processesIn([namespaces[0]!]).length).toBeGreaterThan(0);
    expect(processesIn([namespaces[1]!]).length).toBeGreaterThan(0);
    expect(readFileSync(`/proc/${node}/root/etc/hostname`, 'utf8')).toBe('alpha\n');
  } finally {
    process.kill(client, 'SIGKILL');
  }
  const isGone = await waitUntil(
    () => processesIn(namespaces).length === 0 && disksOf(client).length === 0,
    2_000,
  );
  expect(isGone).toBe(true);
});

test('what a node writes never reaches this machine', async () => {
  const lab = await openLab();
  try {
    const node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
    const repository = fileURLToPath(new URL('..', import.meta.url));
    for (const place of ['/etc', '/var', '/srv', '/run', '/tmp', '/dev/shm', repository]) {
      const file = `${place}/holdfast-lab-was-here`;
      await node.writeFile(file, 'private');
      expect(readFileSync(node.path(file), 'utf8')).toBe('private');
      expect(() => readFileSync(file)).toThrow('ENOENT');
    }
  } finally {
    await lab.close();
  }
});

test('a disk that a dead lab could not mark in time is freed by the next lab', async () => {
  const budget = { budgetMs: 5_000 };
  const lab = await openLab();
  // Named after a hub that is gone: our own pid, begun at another time.
  const image = `/run/lab/holdfast-lab-${process.pid}-1-lost.img`;
  await lab.client.run(['truncate', '-s', '1M', image], budget);
  const attached = await lab.client.run(['losetup', '--find', '--show', image], budget);
  try {
    expect(disksOf(process.pid)).toEqual([attached.stdout.trim().replace('/dev/', '')]);
    const next = await openLab();
    await next.close();
    expect(disksOf(process.pid)).toEqual([]);
  } finally {
    if (disksOf(process.pid).length > 0)
      await lab.client.run(['losetup', '-d', attached.stdout.trim()], budget);
    await lab.close();
  }
});
