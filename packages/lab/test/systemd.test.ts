import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { start } from '@holdfast/kit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, type LabNode, openLab } from '../src/index.ts';
import { labCgroups } from '../src/systemdCgroups.ts';
import { waitUntil } from '../src/waitUntil.ts';
import { pidNamespaceOf, processesIn, thisMachine } from './thisMachine.ts';

const budget = { budgetMs: 10_000 };
const program = fileURLToPath(new URL('programs/openAndStay.ts', import.meta.url));

let lab: Lab;
let node: LabNode;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2', systemd: true });
}, 60_000);
afterAll(() => lab?.close());

test('the first process of such a node is a real systemd, whose units have cgroups of the node alone', async () => {
  const unit = '[Service]\nExecStart=/bin/sleep infinity\n';
  await node.writeFile('/etc/systemd/system/forever.service', unit);
  expect(await node.run(['systemctl', 'start', 'forever.service'], budget)).toMatchObject({ exitCode: 0 });
  const pid = (
    await node.run(['systemctl', 'show', '-P', 'MainPID', 'forever.service'], budget)
  ).stdout.trim();
  const cgroup = await node.run(['sh', '-c', `nsenter -a -t 1 cat /proc/${pid}/cgroup | tail -n 1`], budget);
  expect(cgroup.stdout).toContain('/system.slice/forever.service');
  const told = await node.run(['journalctl', '--no-pager', '-u', 'forever.service'], budget);
  expect(told.stdout).toContain('Started forever.service');
  const manager = [
    'org.freedesktop.systemd1',
    '/org/freedesktop/systemd1',
    'org.freedesktop.systemd1.Manager',
  ];
  const asked = ['busctl', 'get-property', ...manager, 'Virtualization'] as [string, ...string[]];
  expect((await node.run(asked, budget)).stdout).toContain('"container-other"');
});

test("what it would set in this machine's kernel it can only read", async () => {
  for (const file of ['/proc/sys/fs/file-max', '/proc/sys/kernel/pid_max', '/sys/kernel/mm/ksm/run']) {
    const written = await node.run(['sh', '-c', `[ ! -e ${file} ] || cat ${file} >${file}`], budget);
    if (!written.ok) expect(written.stderr).toContain('Read-only');
    else expect((await node.run(['test', '-e', file], budget)).ok).toBe(false);
  }
  const net = await node.run(['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/conf/all/promote_secondaries'], budget);
  expect(net).toMatchObject({ exitCode: 0 });
});

test('after close() its cgroup is gone too', async () => {
  const other = await openLab();
  await other.addNode({ name: 'beta', address: '10.77.0.3', systemd: true });
  const hubPid = other.client.pid;
  expect((await labCgroups()).some((one) => one.hubPid === hubPid)).toBe(true);
  await other.close();
  expect((await labCgroups()).filter((one) => one.hubPid === hubPid)).toEqual([]);
}, 60_000);

test.each([
  ['SIGKILL of the process that opened the lab', 'systemd'],
  ['the end of the hub of a lab that is kept', 'systemd keep'],
])(
  'at %s systemd ends with all its units, and the next lab removes its cgroups',
  async (_, words) => {
    const before = await thisMachine();
    let said = '';
    const opener = start([process.execPath, program, ...words.split(' ')], {
      onOutput: (text) => {
        said += text;
      },
    });
    expect(await waitUntil(() => said.includes('\n'), 30_000)).toBe(true);
    const { client, node: first } = JSON.parse(said) as { client: number; node: number };
    const namespaces = [client, first].map(pidNamespaceOf);
    expect(readFileSync(`/proc/${first}/comm`, 'utf8')).toBe('systemd\n');
    if (words.includes('keep')) {
      await opener.ended;
      process.kill(client, 'SIGKILL');
    } else process.kill(opener.pid!, 'SIGKILL');

    expect(await waitUntil(() => processesIn(namespaces).length === 0, 3_000)).toBe(true);
    const next = await openLab();
    await next.close();
    expect((await labCgroups()).filter((one) => one.hubPid === client)).toEqual([]);
    expect(await thisMachine()).toEqual(before);
  },
  60_000,
);
