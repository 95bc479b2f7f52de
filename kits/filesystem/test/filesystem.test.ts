import { fileURLToPath } from 'node:url';
import type { Started } from '@holdfast/kit';
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
const held: Started[] = [];

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'fs-alpha', address: '10.77.0.11' });
  device = (await lab.addDisk({ name: 'one', sizeMb: 16, label: 'holdfast-fs-one' })).device;
  other = (await lab.addDisk({ name: 'two', sizeMb: 16 })).device;
  await must('mkdir', '-p', '/srv/bystander');
  await must('mount', other, '/srv/bystander');
  // Somebody works in the other mount all along.
  await hold('holdFolder.sh', '/srv/bystander');
}, 30_000);
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
    ],
  }),
  framework: { describe, beforeAll, test, expect },
});

describe('a file system', () => {
  afterEach(async () => {
    const mounts = await node.run(['cat', '/proc/mounts'], { budgetMs: 5_000 });
    if (mounts.stdout.includes('a\\040place')) await must('umount', mountPoint);
  });

  test('is found by its label', async () => {
    const label = { device: 'LABEL=holdfast-fs-one' };
    expect(await kit('restore', label)).toMatchObject({ result: 'done' });
    expect(await kit('quickCheck', label)).toMatchObject({ finding: 'in-service' });
    expect(await kit('remove', label)).toMatchObject({ result: 'done' });
  });

  test('on a device that is missing is refused, and is out when removed', async () => {
    const missing = { device: '/dev/holdfast-none' };
    expect(await kit('restore', missing)).toMatchObject({
      result: 'failed',
      evidence: '/dev/holdfast-none: ENOENT',
    });
    expect(await kit('quickCheck', missing)).toMatchObject({ finding: 'out-of-service' });
    expect(await kit('remove', missing)).toMatchObject({ result: 'done' });
  });

  test('in whose place another is mounted is refused, and the other stays', async () => {
    await must('mkdir', '-p', mountPoint);
    await must('mount', '-t', 'tmpfs', 'stranger', mountPoint);
    expect(await kit('restore')).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('stranger on /srv/a place'),
    });
    expect(await kit('quickCheck')).toMatchObject({
      finding: 'out-of-service',
      conditions: [{ code: 'place-taken' }],
    });
    expect(await kit('remove')).toMatchObject({
      result: 'done',
      evidence: expect.stringContaining('left alone'),
    });
    expect((await node.run(['findmnt', '-n', '-o', 'SOURCE', mountPoint], { budgetMs: 5_000 })).stdout).toBe(
      'stranger\n',
    );
  });

  test('that mount refuses is shown in the words of mount', async () => {
    const outcome = await kit('restore', { fsType: 'xfs' });
    expect(outcome.result).toBe('failed');
    expect(outcome.evidence).toContain('wrong fs type, bad option, bad superblock');
  });

  test('that is mounted elsewhere on the node is refused, and is not out', async () => {
    await must('mkdir', '-p', '/mnt/elsewhere');
    await must('mount', device, '/mnt/elsewhere');
    try {
      const evidence = expect.stringContaining('/mnt/elsewhere');
      expect(await kit('restore')).toMatchObject({ result: 'failed', evidence });
      expect(await kit('quickCheck')).toMatchObject({ finding: 'failed', evidence });
      expect(await kit('remove')).toMatchObject({ result: 'failed', evidence });
    } finally {
      await must('umount', '/mnt/elsewhere');
    }
  });

  test('that the kernel made read-only fails the check and is not repaired in place', async () => {
    await kit('restore');
    await must('mount', '-o', 'remount,ro', mountPoint);
    expect(await kit('quickCheck')).toMatchObject({
      finding: 'failed',
      evidence: expect.stringContaining('read-only'),
    });
    expect(await kit('recover')).toMatchObject({ result: 'failed' });
    expect(await kit('remove')).toMatchObject({ result: 'done' });
    expect(await kit('restore')).toMatchObject({ result: 'done' });
    expect(await kit('quickCheck')).toMatchObject({ finding: 'in-service' });
  });

  test('held by a process is unmounted after the process was told to end, and the process is named', async () => {
    await kit('restore');
    await hold('holdFolder.sh', mountPoint);
    const outcome = await kit('remove');
    expect(outcome).toMatchObject({
      result: 'done',
      evidence: expect.stringMatching(/it was held by \d+ \(sleep, by cwd\)/),
    });
    // Within the time of the polite word.
    expect(outcome.tookMs).toBeLessThan(5_000);
  });

  test('held by a process that does not hear TERM is unmounted after KILL', async () => {
    await kit('restore');
    await hold('holdFolderDeaf.sh', mountPoint);
    const outcome = await kit('remove', {}, ['--budget', '4000']);
    expect(outcome).toMatchObject({ result: 'done', evidence: expect.stringContaining('by cwd') });
    expect(outcome.tookMs).toBeGreaterThan(1_000);
  });

  test('held without a process is not unmounted, also not lazily', async () => {
    await kit('restore');
    await must('truncate', '-s', '1M', `${mountPoint}/image`);
    const loop = (await must('losetup', '--find', '--show', `${mountPoint}/image`)).stdout.trim();
    try {
      expect(await kit('remove', {}, ['--budget', '3000'])).toMatchObject({
        result: 'failed',
        evidence: expect.stringContaining('no process that holds it was found'),
      });
      expect(await kit('quickCheck')).toMatchObject({ finding: 'in-service' });
    } finally {
      await must('losetup', '-d', loop);
    }
    expect(await kit('remove')).toMatchObject({ result: 'done' });
  });

  test('with another mount below it is left alone', async () => {
    await kit('restore');
    await must('mkdir', '-p', `${mountPoint}/below`);
    await must('mount', '-t', 'tmpfs', 'below', `${mountPoint}/below`);
    try {
      expect(await kit('remove')).toMatchObject({
        result: 'failed',
        evidence: expect.stringContaining('is mounted below it'),
      });
    } finally {
      await must('umount', `${mountPoint}/below`);
    }
  });

  test('whose folder may not be made is refused', async () => {
    expect(await kit('restore', { mountPoint: '/srv/none', createMountPoint: false })).toMatchObject({
      result: 'failed',
      evidence: 'there is no /srv/none',
    });
  });
});

type Answer = { result?: string; finding?: string; evidence: string; tookMs: number };

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

/** Starts a program in the node, and waits until it says that it holds. It ends with the lab at the latest. */
async function hold(name: string, folder: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const started = node.start(['sh', `${programs}${name}`, folder], { onOutput: () => resolve() });
    held.push(started);
    void started.ended.then(({ stderr }) => reject(new Error(`${name} ended: ${stderr}`)));
  });
}
