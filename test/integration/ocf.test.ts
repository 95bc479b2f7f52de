import { findPostgres, type Lab, type LabNode, openLab, preparePostgres, startAgent } from '@holdfast/lab';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/* Agents of Debian's package, as they are, in one hierarchy under our engine. */

const budget = { budgetMs: 60_000 };
const dataDirectory = '/srv/pg/data';

let lab: Lab;
let node: LabNode;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  const { device } = await lab.addDisk({ name: 'pg', sizeMb: 192 });
  await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory, port: 5432 });
  await startAgent(node);
  const document = await hierarchy(device);
  const applied = await node.run(['holdfast', 'apply', '-'], { ...budget, input: JSON.stringify(document) });
  expect(applied).toMatchObject({ exitCode: 0 });
}, 60_000);
afterAll(() => lab?.close());

async function hierarchy(device: string): Promise<object> {
  const bin = await findPostgres();
  const ocf = (agent: string, parameters: object, more: object = {}): object => ({
    type: 'ocf',
    settings: { agent, parameters, ...more },
  });
  return {
    nodes: ['alpha'],
    resources: {
      ip: ocf('IPaddr2', { ip: '10.77.0.50', cidr_netmask: 24, nic: 'eth0' }, { watchAddress: '10.77.0.50' }),
      fs: ocf('Filesystem', { device, directory: '/srv/pg', fstype: 'ext4' }, { watchMount: '/srv/pg' }),
      // The port and the socket's folder stand in postgresql.conf; pghost left out is the socket.
      pg: {
        needs: ['fs', 'ip'],
        ...ocf(
          'pgsql',
          {
            pgctl: `${bin}/pg_ctl`,
            psql: `${bin}/psql`,
            pgdata: dataDirectory,
            pgport: 5432,
            socketdir: '/run/postgresql',
            logfile: `${dataDirectory}/agent.log`,
          },
          { watchPidFile: `${dataDirectory}/postmaster.pid` },
        ),
      },
      top: { needs: ['pg'], ...ocf('Dummy', {}) },
    },
  };
}

async function states(): Promise<Record<string, string>> {
  const { stdout } = await node.run(['lcdstatus', '--json'], budget);
  const { resources } = JSON.parse(stdout) as { resources: { tag: string; state: string }[] };
  return Object.fromEntries(resources.map(({ tag, state }) => [tag, state]));
}

const query = (sql: string) =>
  lab.client.run(['psql', '-h', '10.77.0.50', '-U', 'postgres', '-XAtc', sql], { budgetMs: 5_000 });

async function eventually(look: () => Promise<unknown>, wanted: unknown): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (JSON.stringify(found) !== JSON.stringify(wanted) && performance.now() < deadline) continue;
    expect(found).toEqual(wanted);
    return;
  }
}

test('an address, a file system, PostgreSQL and a dummy of OCF agents are brought up, repaired and taken down', async () => {
  const restored = await node.run(['perform_action', '-t', 'top', '-a', 'restore'], budget);
  expect({ exitCode: restored.exitCode, said: restored.stdout + restored.stderr }).toEqual({
    exitCode: 0,
    said: expect.stringContaining('top'),
  });
  expect(await states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP', top: 'ISP' });
  await query('create table kept as select generate_series(1, 500) n');

  await node.run(['pkill', '-KILL', '-F', `${dataDirectory}/postmaster.pid`], budget);
  await eventually(async () => (await query('select count(*) from kept')).stdout.trim(), '500');
  await eventually(states, { ip: 'ISP', fs: 'ISP', pg: 'ISP', top: 'ISP' });

  await node.run(['ip', 'address', 'del', '10.77.0.50/24', 'dev', 'eth0'], budget);
  await eventually(async () => (await query('select 1')).stdout.trim(), '1');
  await eventually(states, { ip: 'ISP', fs: 'ISP', pg: 'ISP', top: 'ISP' });

  const removed = await node.run(['perform_action', '-t', 'top', '-a', 'remove', '-b'], budget);
  expect(removed).toMatchObject({ exitCode: 0 });
  expect(await states()).toEqual({ ip: 'OSU', fs: 'OSU', pg: 'OSU', top: 'OSU' });
  const left = await node.run(
    ['sh', '-c', 'findmnt /srv/pg; ip -brief address show to 10.77.0.50; pgrep -x postgres'],
    budget,
  );
  expect(left.stdout).toBe('');
}, 90_000);
