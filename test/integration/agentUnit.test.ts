import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Lab, type LabNode, openLab, preparePostgres } from '@holdfast/lab';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/* The unit that ships with the agent, on a real systemd, with a PostgreSQL that the agent has started. */

const budget = { budgetMs: 60_000 };
const dataDirectory = '/srv/pg/data';
const shipped = fileURLToPath(new URL('../../packages/agent/systemd/holdfast.service', import.meta.url));

let lab: Lab;
let node: LabNode;
let server: string;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2', systemd: true });
  const { device } = await lab.addDisk({ name: 'pg', sizeMb: 192 });
  await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory, port: 5432 });
  await node.writeFile('/etc/systemd/system/holdfast.service', readFileSync(shipped, 'utf8'));
  await node.writeFile('/etc/holdfast/agent.yaml', 'node: alpha\n');
  // Sooner than it ships, so that the test need not wait for half a minute.
  await node.writeFile('/etc/systemd/system/holdfast.service.d/soon.conf', '[Service]\nWatchdogSec=3\n');
  await must('systemctl', 'daemon-reload');
  await must('systemctl', 'start', 'holdfast.service');
  const resources = {
    fs: { type: 'filesystem', settings: { device, mountPoint: '/srv/pg', fsType: 'ext4' } },
    pg: { type: 'postgresql', needs: ['fs'], settings: { dataDirectory } },
  };
  const input = JSON.stringify({ nodes: ['alpha'], resources });
  const applied = await node.run(['holdfast', 'apply', '-'], { ...budget, input });
  expect(applied).toMatchObject({ exitCode: 0 });
  await must('perform_action', '-t', 'pg', '-a', 'restore');
  server = await postmaster();
}, 90_000);
afterAll(() => lab?.close());

async function must(...argv: [string, ...string[]]): Promise<string> {
  const ran = await node.run(argv, budget);
  if (!ran.ok) throw new Error(`${argv.join(' ')}: ${ran.says}\n${ran.stdout}`);
  return ran.stdout.trim();
}

const show = (property: string): Promise<string> =>
  must('systemctl', 'show', '-P', property, 'holdfast.service');

/** Number and time of its start: the same as long as nobody restarted it. */
const postmaster = (): Promise<string> =>
  must(
    'sh',
    '-c',
    `p=$(head -n 1 ${dataDirectory}/postmaster.pid); echo "$p $(cut -d ' ' -f 22 /proc/$p/stat)"`,
  );

async function states(): Promise<Record<string, string>> {
  const { stdout, ok } = await node.run(['lcdstatus', '--json'], budget);
  if (!ok) return {};
  const { resources } = JSON.parse(stdout) as { resources: { tag: string; state: string }[] };
  return Object.fromEntries(resources.map(({ tag, state }) => [tag, state]));
}

async function eventually(look: () => Promise<unknown>, wanted: unknown): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (JSON.stringify(found) !== JSON.stringify(wanted) && performance.now() < deadline) continue;
    expect(found).toEqual(wanted);
    return;
  }
}

/** Another life of the agent, at work, with the same server. */
async function mustHaveAdopted(before: string): Promise<void> {
  await eventually(
    async () => [(await show('MainPID')) !== before, await show('ActiveState')],
    [true, 'active'],
  );
  await eventually(states, { fs: 'ISP', pg: 'ISP' });
  expect(await postmaster()).toBe(server);
}

test('the unit is active once the agent is ready, and says what is in service', async () => {
  expect([await show('ActiveState'), await show('Type')]).toEqual(['active', 'notify']);
  await eventually(() => show('StatusText'), '2 of 2 resources in service');
});

test('the agent is spared when memory is short, where the machine allows it, and what it started never is', async () => {
  // In a container root may not lower it, and systemd passes over that.
  const mayLower = await node.run(['sh', '-c', 'echo -1 >/proc/self/oom_score_adj'], budget);
  const agent = await must('cat', `/proc/${await show('MainPID')}/oom_score_adj`);
  const started = await must('cat', `/proc/${server.split(' ')[0]}/oom_score_adj`);
  expect([agent, started]).toEqual([mayLower.ok ? '-900' : '0', '0']);
});

test('an agent that keeps its loop turning is not ended by the watchdog', async () => {
  const before = await show('MainPID');
  const kickedAt = await show('WatchdogTimestampMonotonic');
  await eventually(
    async () => Number(await show('WatchdogTimestampMonotonic')) > Number(kickedAt) + 4_000_000,
    true,
  );
  expect(await show('MainPID')).toBe(before);
}, 30_000);

test('an agent that is killed comes back, and its server was not restarted', async () => {
  const before = await show('MainPID');
  await must('kill', '-KILL', before);
  await mustHaveAdopted(before);
}, 30_000);

test('an agent that is frozen is ended by the watchdog and comes back, and its server was not restarted', async () => {
  const before = await show('MainPID');
  await must('kill', '-STOP', before);
  await mustHaveAdopted(before);
  expect(await must('journalctl', '--no-pager', '-u', 'holdfast.service')).toContain('Watchdog timeout');
}, 30_000);

test('systemctl stop and restart leave services up, and a stopped agent stays down', async () => {
  const before = await show('MainPID');
  await must('systemctl', 'restart', 'holdfast.service');
  await mustHaveAdopted(before);
  await must('systemctl', 'stop', 'holdfast.service');
  expect([await show('ActiveState'), await show('Result')]).toEqual(['inactive', 'success']);
  expect(await postmaster()).toBe(server);
  expect(await must('cat', '/run/holdfast/status.json')).toContain('"phase":"stopped"');

  await must('systemctl', 'start', 'holdfast.service');
  const again = await show('MainPID');
  await must('kill', '-TERM', again);
  await eventually(() => show('ActiveState'), 'inactive');
  expect(await postmaster()).toBe(server);
}, 60_000);
