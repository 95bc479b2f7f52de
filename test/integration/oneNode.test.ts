import { type Lab, type LabAgent, type LabNode, openLab, preparePostgres, startAgent } from '@holdfast/lab';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

/*
 * One node, from the words that an operator types down to the kernel and PostgreSQL. The tests share a node, and
 * each begins with everything out of service.
 */

const budget = { budgetMs: 60_000 };
const dataDirectory = '/srv/pg/data';

let lab: Lab;
let node: LabNode;
let agent: LabAgent;
let device: string;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  ({ device } = await lab.addDisk({ name: 'pg', sizeMb: 192 }));
  await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory, port: 5432 });
  agent = await startAgent(node);
  await apply(document());
}, 60_000);

afterAll(() => lab?.close());

function document(more: { device?: string } = {}): object {
  return {
    nodes: ['alpha'],
    policy: { quickCheck: { every: '300ms' } },
    resources: {
      ip: { type: 'ip', settings: { address: '10.77.0.50/24', device: 'eth0' } },
      fs: {
        type: 'filesystem',
        settings: { device: more.device ?? device, mountPoint: '/srv/pg', fsType: 'ext4' },
      },
      pg: { type: 'postgresql', needs: ['fs', 'ip'], settings: { dataDirectory } },
    },
  };
}

async function apply(what: object) {
  await node.writeFile('/root/hierarchy.yaml', JSON.stringify(what));
  const applied = await node.run(['holdfast', 'apply', '/root/hierarchy.yaml'], budget);
  expect(applied).toMatchObject({ exitCode: 0 });
}

async function states(): Promise<Record<string, string>> {
  const { stdout } = await node.run(['lcdstatus', '--json'], budget);
  const { resources } = JSON.parse(stdout) as { resources: { tag: string; state: string }[] };
  return Object.fromEntries(resources.map(({ tag, state }) => [tag, state]));
}

const perform = (...words: string[]) => node.run(['perform_action', ...words], budget);
const allOut = () => perform('-t', 'pg', '-a', 'remove', '-b');
const query = (sql: string) =>
  lab.client.run(['psql', '-h', '10.77.0.50', '-U', 'postgres', '-XAtc', sql], { budgetMs: 5_000 });

/** Waits for a fact, and says what was there instead when it does not come. */
async function eventually<Fact>(look: () => Promise<Fact>, wanted: Fact): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (JSON.stringify(found) === JSON.stringify(wanted) || performance.now() > deadline) {
      expect(found).toEqual(wanted);
      return;
    }
  }
}

describe('one node', () => {
  test('brings PostgreSQL up in order, keeps its rows through a kill, and takes it down', async () => {
    expect(await perform('-t', 'pg', '-a', 'restore')).toMatchObject({ exitCode: 0 });
    expect(await states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
    expect(await query('create table kept as select generate_series(1, 500) n')).toMatchObject({
      exitCode: 0,
    });

    const pid = await node.run(['head', '-n', '1', `${dataDirectory}/postmaster.pid`], budget);
    await node.run(['kill', '-KILL', pid.stdout.trim()], budget);
    await eventually(async () => (await query('select count(*) from kept')).stdout.trim(), '500');

    await node.run(['ip', 'address', 'del', '10.77.0.50/24', 'dev', 'eth0'], budget);
    await eventually(async () => (await query('select 1')).stdout.trim(), '1');
    await eventually(states, { ip: 'ISP', fs: 'ISP', pg: 'ISP' });

    expect(await allOut()).toMatchObject({ exitCode: 0 });
    expect(await states()).toEqual({ ip: 'OSU', fs: 'OSU', pg: 'OSU' });
    const mounts = await node.run(['findmnt', '/srv/pg'], budget);
    const address = await node.run(['ip', '-brief', 'address', 'show', 'to', '10.77.0.50'], budget);
    const servers = await node.run(['pgrep', '-x', 'postgres'], budget);
    expect([mounts.stdout, address.stdout, servers.stdout]).toEqual(['', '', '']);
  }, 90_000);

  test('repairs at once what the kernel tells of, though checks come once an hour', async () => {
    await apply({ ...document(), policy: { quickCheck: { every: '1h' } } });
    await perform('-t', 'pg', '-a', 'restore');
    await node.run(['pkill', '-KILL', '-F', `${dataDirectory}/postmaster.pid`], budget);
    await eventually(async () => (await query('select 1')).stdout.trim(), '1');
    await node.run(['ip', 'address', 'del', '10.77.0.50/24', 'dev', 'eth0'], budget);
    await eventually(async () => (await query('select 1')).stdout.trim(), '1');
    await perform('-t', 'pg', '-a', 'remove');
    await node.run(['umount', '/srv/pg'], budget);
    await eventually(async () => (await node.run(['findmnt', '-n', '/srv/pg'], budget)).ok, true);
    await eventually(states, { ip: 'ISP', fs: 'ISP', pg: 'OSU' });
    await allOut();
    await apply(document());
  }, 60_000);

  test('restored twice, does nothing the second time and exits with 0', async () => {
    await perform('-t', 'pg', '-a', 'restore');
    const first = await node.run(['cat', `${dataDirectory}/postmaster.pid`], budget);
    const again = await perform('-t', 'pg', '-a', 'restore');
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stdout).toContain('in service already');
    expect((await node.run(['cat', `${dataDirectory}/postmaster.pid`], budget)).stdout).toBe(first.stdout);
    await allOut();
  }, 60_000);

  test('asked to remove the file system, takes PostgreSQL down before it unmounts', async () => {
    await perform('-t', 'pg', '-a', 'restore');
    const removed = await perform('-t', 'fs', '-a', 'remove');
    expect(removed).toMatchObject({ exitCode: 0 });
    const order = removed.stdout.split('\n').filter((line) => line.includes('done'));
    expect(order.map((line) => /remove (\w+)/.exec(line)?.[1])).toEqual(['pg', 'fs', 'fs']);
    expect(await states()).toEqual({ ip: 'ISP', fs: 'OSU', pg: 'OSU' });
    await allOut();
  }, 60_000);

  test('with a disk that does not mount, says why, leaves PostgreSQL out, and still brings up the address', async () => {
    const { device: empty } = await lab.addDisk({ name: 'notext4', sizeMb: 320, fsType: 'xfs' });
    await allOut();
    await apply(document({ device: empty }));
    const restored = await perform('-t', 'pg', '-a', 'restore');
    expect(await states()).toEqual({ ip: 'ISP', fs: 'OSF', pg: 'OSU' });
    expect(restored.exitCode).toBe(1);
    expect(restored.stdout + restored.stderr).toMatch(/wrong fs type|superblock|bad magic/i);
    await perform('-t', 'fs', '-a', 'remove');
    await apply(document());
    await allOut();
  }, 60_000);

  test('a dry run prints the very steps that the run then performs, and performs none', async () => {
    const stepsOf = (text: string, schema: string): string[] =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter((line) => line.schema === schema)
        .flatMap((line) =>
          schema === 'holdfast.plan/1' ? line.steps : line.kind === 'step-begun' ? [line] : [],
        )
        .map(({ action, tag }) => `${action} ${tag}`)
        .sort();
    for (const words of [
      ['-t', 'pg', '-a', 'restore'],
      ['-t', 'fs', '-a', 'remove'],
      ['-t', 'pg', '-a', 'restore'],
      ['-t', 'pg', '-a', 'remove', '-b'],
    ]) {
      const before = await states();
      const dry = await perform(...words, '--dry-run', '--json');
      expect(dry).toMatchObject({ exitCode: 0 });
      expect(await states()).toEqual(before);
      const real = await perform(...words, '--json');
      expect(stepsOf(real.stdout, 'holdfast.event/1')).toEqual(stepsOf(dry.stdout, 'holdfast.plan/1'));
      expect(stepsOf(dry.stdout, 'holdfast.plan/1').length).toBeGreaterThan(0);
    }
  }, 90_000);

  test('a file with four mistakes gets four problems in one answer and changes nothing', async () => {
    const before = await node.run(['holdfast', 'export'], budget);
    const wrong = document() as { resources: Record<string, object> };
    wrong.resources.a = { type: 'ip', needs: ['b'], settings: { address: '10.77.0.60/24', device: 'eth0' } };
    wrong.resources.b = { type: 'ip', needs: ['a'], settings: { address: '10.77.0.61/24', device: 'eth0' } };
    wrong.resources.c = { type: 'ipp', settings: {} };
    wrong.resources.d = {
      type: 'ip',
      needs: ['fss'],
      settings: { address: '10.77.0.62/24', device: 'eth0' },
    };
    wrong.resources.e = { type: 'ip', settings: { address: '10.77.0.50/24', device: 'eth0' } };
    await node.writeFile('/root/wrong.yaml', JSON.stringify(wrong, null, 2));
    const applied = await node.run(['holdfast', 'apply', '/root/wrong.yaml'], budget);
    expect(applied.exitCode).toBe(1);
    const said = applied.stdout + applied.stderr;
    for (const code of ['CYCLE', 'UNKNOWN_TYPE', 'UNKNOWN_NEED', 'SAME_IDENTITY'])
      expect(said).toContain(code);
    expect(said).toContain('4 problems');
    expect((await node.run(['holdfast', 'export'], budget)).stdout).toBe(before.stdout);
  }, 60_000);

  test('an agent that is killed and started again finds all as it was, and touches nothing', async () => {
    await perform('-t', 'pg', '-a', 'restore');
    const before = await node.run(['cat', `${dataDirectory}/postmaster.pid`], budget);
    await agent.kill();
    const down = await node.run(['lcdstatus', '-q'], budget);
    expect(down.stdout).toContain('pg');
    expect(await perform('-t', 'pg', '-a', 'restore')).toMatchObject({ exitCode: 4 });
    agent = await startAgent(node);
    expect(await states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
    expect((await node.run(['cat', `${dataDirectory}/postmaster.pid`], budget)).stdout).toBe(before.stdout);
    await allOut();
  }, 60_000);

  test('a second agent on the same state refuses to start', async () => {
    const second = await node.run(['holdfast', 'agent'], { budgetMs: 15_000 });
    expect(second).toMatchObject({ exitCode: 1 });
    expect(second.stderr).toContain('one agent serves a node');
    expect(await states()).toEqual({ ip: 'OSU', fs: 'OSU', pg: 'OSU' });
  }, 60_000);

  test('an agent that is told to stop leaves services up, and the next one adopts them', async () => {
    await perform('-t', 'ip', '-a', 'restore', '-s');
    expect(await agent.stop()).toMatchObject({ exitCode: 0 });
    expect(
      (await node.run(['ip', '-brief', 'address', 'show', 'to', '10.77.0.50'], budget)).stdout,
    ).toContain('10.77.0.50');
    agent = await startAgent(node);
    expect(await states()).toEqual({ ip: 'ISP', fs: 'OSU', pg: 'OSU' });
    await allOut();
  }, 60_000);

  test('perform_action works by its absolute path, through a link, and with an older Node first on PATH', async () => {
    const where = (
      await node.run(['sh', '-c', 'readlink -f "$(command -v perform_action)"'], budget)
    ).stdout.trim();
    await node.writeFile('/opt/old/node', '#!/bin/sh\nexit 99\n', 0o755);
    await node.run(['ln', '-s', where, '/root/linked'], budget);
    for (const command of [where, '/root/linked']) {
      const ran = await node.run(
        [
          'env',
          'PATH=/opt/old:/usr/bin:/bin:/usr/sbin:/sbin',
          command,
          '-t',
          'pg',
          '-a',
          'restore',
          '--dry-run',
        ],
        budget,
      );
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(ran.stdout).toContain('pg');
    }
  }, 60_000);
});
