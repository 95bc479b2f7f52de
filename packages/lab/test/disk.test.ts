import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, LabError, type LabNode, openLab, preparePostgres } from '../src/index.ts';

const budget = { budgetMs: 10_000 };
let lab: Lab;
let alpha: LabNode;
let beta: LabNode;

beforeAll(async () => {
  lab = await openLab();
  alpha = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  beta = await lab.addNode({ name: 'beta', address: '10.77.0.3' });
});

afterAll(async () => {
  await lab.close();
});

test('what is on a disk survives its unmount and is there on the other node', async () => {
  const { device } = await lab.addDisk({ name: 'data', sizeMb: 16, label: 'lab-data' });
  await alpha.run(['mount', 'LABEL=lab-data', '/mnt'], budget);
  await alpha.writeFile('/mnt/kept', 'still here');
  const unmounted = await alpha.run(['umount', '/mnt'], budget);
  expect(unmounted.says).toBe('umount: exit 0');
  await beta.run(['mount', device, '/mnt'], budget);
  const read = await beta.run(['cat', '/mnt/kept'], budget);
  await beta.run(['umount', '/mnt'], budget);
  expect(read.stdout).toBe('still here');
});

test('a disk that no file system fits on is refused with the words of mkfs', async () => {
  const refused = lab.addDisk({ name: 'tiny', sizeMb: 1, fsType: 'xfs' });
  await expect(refused).rejects.toThrow(LabError);
  await expect(refused).rejects.toThrow('mkfs.xfs');
});

test('a prepared database is out of service, and answers the client once it is started', async () => {
  const { device } = await lab.addDisk({ name: 'pg', sizeMb: 128 });
  const dataDirectory = '/srv/pg/data';
  await preparePostgres(alpha, { device, mountPoint: '/srv/pg', dataDirectory, port: 5433 });
  const mounts = await alpha.run(['cat', '/proc/self/mountinfo'], budget);
  const processes = await alpha.run(['ps', '-e', '-o', 'comm='], budget);
  expect(mounts.stdout).not.toContain('/srv/pg');
  expect(processes.stdout).not.toContain('postgres');

  await alpha.run(['mount', device, '/srv/pg'], budget);
  const start =
    'exec "$(ls -d /usr/lib/postgresql/*/bin | tail -1)/pg_ctl" start -w -D "$1" -l /tmp/postgres.log';
  const started = await alpha.run(
    ['runuser', '-u', 'postgres', '--', 'sh', '-c', start, 'sh', dataDirectory],
    budget,
  );
  expect(started.stdout).toContain('server started');
  const psql = [
    'psql',
    '-h',
    alpha.address,
    '-p',
    '5433',
    '-U',
    'postgres',
    '-XAtc',
    'select 41 + 1',
  ] as const;
  const answer = await lab.client.run(psql, budget);
  expect(answer.stdout).toBe('42\n');
});
