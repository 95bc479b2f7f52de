import { fileURLToPath } from 'node:url';
import { kitConformance } from '@holdfast/kit/conformance';
import { type Lab, type LabNode, openLab } from '@holdfast/lab';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('../../../packages/cli/bin/holdfast', import.meta.url));
const programs = fileURLToPath(new URL('programs/', import.meta.url));
const mountPoint = '/srv/a place';

let lab: Lab;
let node: LabNode;
let device: string;
let other: string;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'fs-alpha', address: '10.77.0.11' });
  device = (await lab.addDisk({ name: 'one', sizeMb: 16, label: 'holdfast-fs-one' })).device;
  other = (await lab.addDisk({ name: 'two', sizeMb: 16 })).device;
  await lab.addDisk({ name: 'three', sizeMb: 320, fsType: 'xfs', label: 'hf-fs-xfs' });
  await must('mkdir', '-p', '/srv/bystander', '/srv/folder/inner');
  await must('mount', other, '/srv/bystander');
  // Somebody works in the other mount all along.
  await hold('holdFolder.sh', '/srv/bystander');
}, 60_000);
afterAll(() => lab?.close());

kitConformance({
  kit: 'filesystem',
  host: () => node,
  world: () => ({
    settings: settings(),
    serves: ['findmnt', '--mountpoint', mountPoint, '--source', device],
    same: ['findmnt', '-n', '-o', 'ID', '--mountpoint', mountPoint],
    breakIt: ['umount', mountPoint],
    bystanders: [
      {
        name: 'another mount',
        probe: ['findmnt', '-n', '-o', 'ID,SOURCE', '--mountpoint', '/srv/bystander'],
      },
      { name: 'who works in it', probe: ['pgrep', '-f', 'sleep 1000'] },
    ],
    wrongSettings: [
      { device: 'sdb1' },
      { mountPoint: '/' },
      { mountPoint: 'srv' },
      { mountPoint: '/srv/../etc' },
      { options: 'ro, noatime' },
      { mountpoint: '/srv/pg' },
      { fsType: 'nfs' },
      { fsType: 'bind', device: 'LABEL=one' },
      { fullWarnPercent: 0 },
      { fullWarnPercent: 101 },
      { mountPointMode: 'rwx' },
      { deviceWaitMs: -1 },
    ],
  }),
  framework: { describe, beforeAll, test, expect },
});

describe('a file system', () => {
  afterEach(async () => {
    const mounts = await node.run(['cat', '/proc/mounts'], { budgetMs: 5_000 });
    if (mounts.stdout.includes('a\\040place')) await must('umount', mountPoint);
  });

  test('is found by its label', () => servesThroughout({ device: 'LABEL=holdfast-fs-one' }));

  test('is found by its UUID', async () => {
    const uuid = (await must('blkid', '-p', '-o', 'value', '-s', 'UUID', device)).stdout.trim();
    await servesThroughout({ device: `UUID=${uuid}` });
  });

  test('may be xfs', () => servesThroughout({ device: 'LABEL=hf-fs-xfs', fsType: 'xfs' }));

  test('may be in memory', () =>
    servesThroughout({ device: 'scratch', fsType: 'tmpfs', options: 'size=1m,mode=0700' }));

  test('may be a folder shown a second time, and the mount that it is of stays', async () => {
    const ground = await must('findmnt', '-n', '-o', 'ID', '--mountpoint', '/');
    await servesThroughout({ device: '/srv/folder/inner', fsType: 'bind' });
    expect(await must('findmnt', '-n', '-o', 'ID', '--mountpoint', '/')).toMatchObject({
      stdout: ground.stdout,
    });
  });

  test('may be a folder shown read-only', async () => {
    const readOnly = { device: '/srv/folder/inner', fsType: 'bind', options: 'ro' };
    await servesThroughout(readOnly);
    await kit('restore', readOnly);
    const written = await node.run(['touch', `${mountPoint}/file`], { budgetMs: 5_000 });
    expect(written.stderr).toContain('Read-only file system');
  });

  test('that is wanted read-only is read and not written to', () => servesThroughout({ options: 'ro' }));

  test('that is mounted elsewhere on the node is refused, and is not out until remove unmounts it', async () => {
    await must('mkdir', '-p', '/mnt/elsewhere');
    await must('mount', device, '/mnt/elsewhere');
    const evidence = expect.stringContaining('/mnt/elsewhere');
    expect(await kit('restore')).toMatchObject({ result: 'failed', evidence });
    expect(await kit('quickCheck')).toMatchObject({ finding: 'failed', evidence });
    expect(await kit('remove', { unmountOthers: false })).toMatchObject({ result: 'failed', evidence });
    expect(await kit('remove')).toMatchObject({ result: 'done', evidence });
    expect(await kit('quickCheck')).toMatchObject({ finding: 'out-of-service' });
  });

  test('that is mounted elsewhere is not taken from those who work there', async () => {
    await must('mkdir', '-p', '/mnt/elsewhere');
    await must('mount', device, '/mnt/elsewhere');
    const release = await hold('holdFolder.sh', '/mnt/elsewhere');
    expect(await kit('remove')).toMatchObject({
      result: 'failed',
      evidence: expect.stringMatching(
        /still held by \d+ \((sh|sleep), by cwd\), not ended, as it is not mounted where/,
      ),
    });
    await release();
    expect(await kit('remove')).toMatchObject({ result: 'done' });
  });

  test('of a server that is not there is refused, and is out when removed', async () => {
    const server = { device: 'no-such-host.invalid:/export', fsType: 'nfs', options: 'soft,retry=0' };
    expect(await kit('restore', server)).toMatchObject({ result: 'failed' });
    expect(await kit('quickCheck', server)).toMatchObject({ finding: 'out-of-service' });
    expect(await kit('remove', server)).toMatchObject({ result: 'done' });
  });
});

test('settings that are wrong are refused with an example', async () => {
  const said = async (changed: object): Promise<string> => {
    const input = JSON.stringify({ ...settings(), ...changed });
    const argv = [program, 'kit', 'run', 'filesystem', 'quickCheck', '--settings', '-'] as const;
    const ran = await node.run(argv, { budgetMs: 20_000, input });
    expect(ran.exitCode).toBe(2);
    return ran.stderr;
  };
  expect(await said({ fsType: 'nfs4' })).toContain('host:/path, such as filer:/export/mail');
  expect(await said({ device: 'sdb1' })).toContain('such as /dev/vg0/pg or LABEL=pg');
  expect(await said({ fullWarnPercent: 900 })).toContain('write 1 to 100, such as 90');
});

type Answer = { result?: string; finding?: string; ready?: boolean; evidence: string; tookMs: number };

/** Ready, in, checked both ways, and out. */
async function servesThroughout(changed: object): Promise<void> {
  expect(await kit('preflight', changed)).toMatchObject({ ready: true });
  expect(await kit('restore', changed)).toMatchObject({ result: 'done' });
  expect(await kit('quickCheck', changed)).toMatchObject({ finding: 'in-service' });
  expect(await kit('deepCheck', changed)).toMatchObject({ finding: 'in-service' });
  expect(await kit('remove', changed)).toMatchObject({ result: 'done' });
  expect(await kit('quickCheck', changed)).toMatchObject({ finding: 'out-of-service' });
}

function settings(): { device: string; mountPoint: string; fsType: string } {
  return { device, mountPoint, fsType: 'ext4' };
}

async function kit(action: string, changed: object = {}, words: readonly string[] = []): Promise<Answer> {
  const input = JSON.stringify({ ...settings(), ...changed });
  const argv = [program, 'kit', 'run', 'filesystem', action, '--settings', '-', '--json', ...words] as const;
  const ran = await node.run(argv, { budgetMs: 70_000, input });
  if (ran.exitCode === 2 || ran.stdout === '') throw new Error(`${ran.says}\n${ran.stderr}`);
  return JSON.parse(ran.stdout);
}

async function must(...argv: [string, ...string[]]): Promise<{ stdout: string }> {
  const ran = await node.run(argv, { budgetMs: 10_000 });
  if (!ran.ok) throw new Error(ran.says);
  return ran;
}

/** Starts a program in the node, and waits until it says that it holds. Answers how to end it. */
async function hold(name: string, folder: string): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const end = async (): Promise<void> => {
      started.kill('SIGKILL');
      await started.ended;
    };
    const started = node.start(['sh', `${programs}${name}`, folder], { onOutput: () => resolve(end) });
    void started.ended.then(({ stderr }) => reject(new Error(`${name} ended: ${stderr}`)));
  });
}
