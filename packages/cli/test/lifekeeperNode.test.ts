import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { type Lab, type LabNode, openLab, startAgent } from '@holdfast/lab';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callInside } from './support/callInside.ts';

/*
 * What an administrator of LifeKeeper expects, with real kits, by the commands that they type. The tests share a node;
 * each begins with everything out of service.
 */

const budget = { budgetMs: 60_000 };

let lab: Lab;
let node: LabNode;
let device: string;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  ({ device } = await lab.addDisk({ name: 'mail', sizeMb: 64 }));
  await startAgent(node);
}, 60_000);

afterAll(() => lab?.close());

const mail = (mount: string = device) => ({
  nodes: ['alpha'],
  policy: { quickCheck: { every: '200ms' } },
  resources: {
    disk: { type: 'filesystem', settings: { device: mount, mountPoint: '/srv/mail', fsType: 'ext4' } },
    mail: {
      type: 'ip',
      needs: ['disk'],
      settings: { address: '10.77.0.50/24', device: 'eth0' },
    },
  },
});

/** Commands that touch nothing but the agent run in this process, which is quicker; all others in the node. */
const inside = [
  'holdfast',
  'perform_action',
  'lcdstatus',
  'flg_create',
  'flg_remove',
  'flg_test',
  'flg_list',
];
const call = (...line: [string, ...string[]]) =>
  inside.includes(line[0]) ? callInside(line, `/proc/${node.pid}/root`) : outside(...line);
const outside = (...line: [string, ...string[]]) => node.run(line, budget);
const perform = (...words: string[]) => call('perform_action', ...words);

async function apply(what: object) {
  await node.writeFile('/root/document.json', JSON.stringify(what));
  expect(await call('holdfast', 'apply', node.path('/root/document.json'))).toMatchObject({ exitCode: 0 });
}

type Resource = {
  tag: string;
  state: string;
  conditions: { code: string; says: string }[];
  lastCheck?: { at: number };
};

async function resources(): Promise<Resource[]> {
  return JSON.parse((await call('lcdstatus', '--json')).stdout).resources;
}

async function states(): Promise<Record<string, string>> {
  return Object.fromEntries((await resources()).map(({ tag, state }) => [tag, state]));
}

beforeEach(async () => {
  await perform('-G', '-t', 'disk', '-a', 'remove');
  await apply(mail());
});

/** Waits for a fact, and says what was there instead when it does not come. */
async function eventually<Fact>(look: () => Promise<Fact>, wanted: Fact): Promise<void> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const found = await look();
    if (JSON.stringify(found) === JSON.stringify(wanted) || performance.now() > deadline) {
      expect(found).toEqual(wanted);
      return;
    }
  }
}

describe('an administrator of LifeKeeper expects', () => {
  test('restore twice → second is a no-op with exit 0', async () => {
    expect(await perform('-t', 'mail', '-a', 'restore')).toMatchObject({ exitCode: 0 });
    const mounted = await call('findmnt', '-no', 'ID', '/srv/mail');
    const again = await perform('-t', 'mail', '-a', 'restore');
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stdout).toContain('nothing to do');
    expect((await call('findmnt', '-no', 'ID', '/srv/mail')).stdout).toBe(mounted.stdout);
    expect(await states()).toEqual({ disk: 'ISP', mail: 'ISP' });
  }, 60_000);

  test('child restore fails → child OSF, parents untouched (OSU), exit ≠ 0', async () => {
    await apply(mail('/dev/nothing-here'));
    const restored = await perform('-t', 'mail', '-a', 'restore');
    expect(restored.exitCode).toBe(1);
    expect(await states()).toEqual({ disk: 'OSF', mail: 'OSU' });
    expect((await call('ip', '-brief', 'address', 'show', 'to', '10.77.0.50')).stdout).toBe('');
  }, 60_000);

  test('disk 91 % → a condition beside ISP + warning, still monitored; 89 % → ISP without it', async () => {
    await perform('-t', 'mail', '-a', 'restore');
    const disk = async () => {
      const found = (await resources()).find(({ tag }) => tag === 'disk')!;
      return { state: found.state, warns: found.conditions.length > 0 };
    };
    const fillTo = async (percent: number) => {
      const { stdout } = await call('df', '-k', '--output=used,avail', '/srv/mail');
      const [used = 0, free = 0] = stdout.trim().split('\n')[1]!.trim().split(/\s+/).map(Number);
      const file = Number((await call('du', '-k', '/srv/mail/filling')).stdout.split('\t')[0] ?? 0);
      const others = used - file;
      // It is shown rounded up.
      const size = Math.floor(((used + free) * (percent - 0.1)) / 100) - others;
      await call('rm', '-f', '/srv/mail/filling');
      expect(await call('fallocate', '-l', `${size}K`, '/srv/mail/filling')).toMatchObject({ exitCode: 0 });
      const { stdout: now } = await call('df', '--output=pcent', '/srv/mail');
      expect(now.split('\n')[1]?.trim()).toBe(`${percent}%`);
    };
    await call('touch', '/srv/mail/filling');
    await fillTo(91);
    await eventually(disk, { state: 'ISP', warns: true });
    expect((await call('lcdstatus')).stdout).toMatch(/condition=nearly-full: (90\.[89]|91)/);
    // Still monitored: what is unmounted by hand comes back.
    await call('umount', '/srv/mail');
    await eventually(async () => (await outside('findmnt', '-n', '/srv/mail')).ok, true);
    await eventually(states, { disk: 'ISP', mail: 'ISP' });
    await fillTo(89);
    await eventually(disk, { state: 'ISP', warns: false });
    await call('rm', '/srv/mail/filling');
  }, 60_000);
});

describe('global scripts', () => {
  const script = (folder: string, name: string, body: string, mode = 0o755) =>
    node.writeFile(`/etc/holdfast/scripts/${folder}.d/${name}`, `#!/bin/sh\n${body}\n`, mode);
  const tell = 'echo "$HOLDFAST_WHEN $HOLDFAST_ACTION $HOLDFAST_TAGS $HOLDFAST_RESULT $*" >>/root/told';
  const told = async () => (await call('cat', '/root/told')).stdout.split('\n').slice(0, -1);

  beforeEach(async () => {
    await call('rm', '-rf', '/etc/holdfast/scripts', '/root/told');
    await call('touch', '/root/told');
  });

  test('run once around a restore, a remove and a deletion, in the order of their names, and not with -G', async () => {
    await script('pre-restore', '10-first', `${tell}; echo first >>/root/told`);
    await script('pre-restore', '20-second', tell);
    await script('pre-restore', 'README', 'no script', 0o644);
    await script('post-restore', '10', `findmnt /srv/mail >/dev/null && ${tell}`);
    await script('pre-remove', '10', tell);
    await script('post-remove', '10', tell);
    await script('pre-delete', '10', tell);
    await script('post-delete', '10', tell);
    expect(await perform('-t', 'mail', '-a', 'restore', '--', 'by', 'hand')).toMatchObject({ exitCode: 0 });
    expect(await told()).toEqual([
      'pre restore mail  by hand',
      'first',
      'pre restore mail  by hand',
      'post restore mail done by hand',
    ]);
    expect(await call('flg_test', '-f', '!restore')).toMatchObject({ exitCode: 7 });
    await perform('-t', 'mail', '-a', 'restore');
    await perform('-G', '-t', 'mail', '-a', 'remove');
    expect(await told()).toHaveLength(4);
    await perform('-t', 'disk', '-a', 'remove');
    await call('ins_remove', '-t', 'mail');
    expect((await told()).slice(4)).toEqual([
      'pre remove disk  ',
      'post remove disk done ',
      'pre delete mail  ',
      'post delete mail done ',
    ]);
  }, 60_000);

  test('that fail before keep the command from beginning; that fail after make it a failed one', async () => {
    await script('pre-restore', '10', 'echo the switch is down >&2; exit 3');
    const kept = await perform('-t', 'mail', '-a', 'restore');
    expect(kept.exitCode).toBe(1);
    expect(kept.stderr).toMatch(/GLOBAL_SCRIPT_FAILED.*nothing was\s+begun.*the switch is down/s);
    expect(await states()).toEqual({ disk: 'OSU', mail: 'OSU' });
    await call('rm', '-rf', '/etc/holdfast/scripts');
    await script('post-restore', '10', 'exit 4');
    const done = await perform('-t', 'mail', '-a', 'restore');
    expect(done.exitCode).toBe(1);
    expect(`${done.stdout}${done.stderr}`).toMatch(/post-restore\.d\/10/);
    expect(await states()).toEqual({ disk: 'ISP', mail: 'ISP' });
  }, 60_000);

  test.each([
    ['others may write to it', ['chmod', '0777']],
    ['it belongs to another', ['chown', 'nobody']],
  ] as const)(
    'are refused when %s',
    async (_, [program, to]) => {
      await script('pre-restore', '10', tell);
      await call(program, to, '/etc/holdfast/scripts/pre-restore.d/10');
      const refused = await perform('-t', 'mail', '-a', 'restore');
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toMatch(/GLOBAL_SCRIPT_REFUSED.*root/s);
      expect(await told()).toEqual([]);
      expect(await states()).toEqual({ disk: 'OSU', mail: 'OSU' });
      await call('rm', '-rf', '/etc/holdfast/scripts');
    },
    60_000,
  );
});

test('perform_action carries out any action of a kit, on the tag alone', async () => {
  await perform('-t', 'mail', '-a', 'restore');
  await call('ip', 'address', 'del', '10.77.0.50/24', 'dev', 'eth0');
  expect(await perform('-t', 'disk', '-a', 'recover')).toMatchObject({ exitCode: 0 });
  const ready = await perform('-t', 'disk', '-a', 'preflight', '--json');
  expect(JSON.parse(ready.stdout)).toMatchObject({
    schema: 'holdfast.result/1',
    tag: 'disk',
    action: 'preflight',
    ready: expect.any(Boolean),
  });
  const unknown = await perform('-t', 'mail', '-a', 'fly');
  expect(unknown).toMatchObject({ exitCode: 1 });
  expect(unknown.stderr).toContain('UNKNOWN_ACTION');
  await perform('-t', 'mail', '-a', 'remove');
  expect((await perform('-t', 'mail', '-a', 'recover')).stderr).toContain('NOT_WANTED_IN_SERVICE');
}, 60_000);

test('sendevent has the resource checked at once, and decides nothing itself', async () => {
  await apply({ ...mail(), policy: { quickCheck: { every: '1h' } } });
  await perform('-t', 'mail', '-a', 'restore');
  const checkedAt = async () => (await resources()).find(({ tag }) => tag === 'mail')?.lastCheck?.at ?? 0;
  const before = await checkedAt();
  const event = await call('sendevent', '-C', 'comm', '-E', 'down', '-n', 'x', '-i', 'IP-10.77.0.50');
  expect(event).toMatchObject({ exitCode: 0, stdout: 'is checked now: mail\n' });
  await eventually(async () => (await checkedAt()) > before, true);
  expect((await call('sendevent', '-C', 'a', '-E', 'b', '-n', 'nobody')).stdout).toBe(
    'noted; nothing here protects nobody\n',
  );
  expect(await call('sendevent', '-C', 'a', '-E', 'b')).toMatchObject({ exitCode: 2 });
  expect(await call('sendevent', '-C', 'a', '-E', 'b', '-n', 'c', '-t', 'now')).toMatchObject({
    exitCode: 2,
  });
  expect(await states()).toEqual({ disk: 'ISP', mail: 'ISP' });
}, 60_000);

describe('lkbackup', () => {
  test('saves the whole configuration, and brings it back', async () => {
    await call('flg_create', '-f', 'shutdown_switchover');
    await node.writeFile('/etc/holdfast/scripts/pre-restore.d/10', '#!/bin/sh\nexit 0\n', 0o755);
    expect(await call('lkbackup', '-c', '-f', '/root/saved.tar.gz')).toMatchObject({
      exitCode: 0,
      stdout: '/root/saved.tar.gz\n',
    });
    expect((await call('stat', '-c', '%a', '/root/saved.tar.gz')).stdout).toBe('600\n');
    const names = await call('tar', '-tzf', '/root/saved.tar.gz');
    expect(names.stdout.trim().split('\n')).toEqual([
      'manifest.json',
      'configuration.json',
      'agent.yaml',
      'scripts/pre-restore.d/10',
    ]);
    await call('ins_remove', '-R', 'mail');
    await call('flg_remove', '-f', 'shutdown_switchover');
    await call('rm', '-rf', '/etc/holdfast/scripts');
    expect((await call('lkbackup', '-x', '-f', '/root/saved.tar.gz', '--dry-run')).stdout).toContain(
      'nothing was changed',
    );
    expect(await states()).toEqual({});
    expect(await call('lkbackup', '-x', '-f', '/root/saved.tar.gz')).toMatchObject({ exitCode: 0 });
    expect(await states()).toEqual({ disk: 'OSU', mail: 'OSU' });
    expect(await call('flg_test', '-f', 'shutdown_switchover')).toMatchObject({ exitCode: 0 });
    expect((await call('stat', '-c', '%a', '/etc/holdfast/scripts/pre-restore.d/10')).stdout).toBe('755\n');
    const again = await call('lkbackup', '-x', '-f', '/root/saved.tar.gz');
    expect(again.stdout).toContain('nothing to do');
    await call('flg_remove', '-f', 'shutdown_switchover');
    await call('rm', '-rf', '/etc/holdfast/scripts');
  }, 60_000);

  test('refuses what is no backup, and does not write over a file', async () => {
    await node.writeFile('/root/junk.tar.gz', 'junk');
    expect(await call('lkbackup', '-x', '-f', '/root/junk.tar.gz')).toMatchObject({ exitCode: 5 });
    expect(await call('lkbackup', '-c', '-f', '/root/junk.tar.gz')).toMatchObject({ exitCode: 1 });
    expect(await call('lkbackup', '-c', '-x')).toMatchObject({ exitCode: 2 });
  });
});

test('lksupport collects one archive, readable by root alone, without secrets', async () => {
  await node.writeFile('/var/log/holdfast/agent.log', 'connecting with password=hunter2 to x\n');
  const { stdout, exitCode } = await call('lksupport', '-f', '/root/support.tar.gz');
  expect({ stdout, exitCode }).toEqual({ stdout: '/root/support.tar.gz\n', exitCode: 0 });
  expect((await call('stat', '-c', '%a', '/root/support.tar.gz')).stdout).toBe('600\n');
  const names = (await call('tar', '-tzf', '/root/support.tar.gz')).stdout.trim().split('\n');
  expect(names).toEqual(
    expect.arrayContaining([
      'manifest.json',
      'status.json',
      'configuration.json',
      'operations.json',
      'etc/agent.yaml',
      'logs/agent.log',
      'system/version',
      'system/mounts.txt',
    ]),
  );
  const whole = gunzipSync(await readFile(node.path('/root/support.tar.gz'))).toString('utf8');
  expect(whole).not.toContain('hunter2');
  expect(whole).toContain('password=(removed)');
}, 60_000);

describe('lkstop and lkstart', () => {
  test('take all out in order and bring it back; with -f the services stay up; volatile flags are forgotten', async () => {
    await perform('-t', 'mail', '-a', 'restore');
    await call('flg_create', '-f', '!volatile!short');
    await call('flg_create', '-f', 'lasting');
    expect((await call('lkstop', '--dry-run')).stdout).toMatch(/remove mail.*remove disk.*nothing was done/s);
    const stopped = await call('lkstop');
    expect(stopped).toMatchObject({ exitCode: 0 });
    expect(stopped.stdout).toMatch(/remove mail.*remove disk.*stopped\n$/s);
    expect((await outside('findmnt', '/srv/mail')).ok).toBe(false);
    expect(await call('lkstop')).toMatchObject({
      exitCode: 0,
      stdout: 'nothing to do: the agent is not running\n',
    });
    expect(await call('lcdstatus', '-q')).toMatchObject({ exitCode: 4 });
    expect(await call('ins_list')).toMatchObject({ exitCode: 1 });
    expect(await call('lksupport', '-f', '/root/down.tar.gz')).toMatchObject({ exitCode: 0 });

    expect(await call('lkstart', '-w', '20')).toMatchObject({
      exitCode: 0,
      stdout: 'started, and it answers\n',
    });
    await eventually(states, { disk: 'ISP', mail: 'ISP' });
    expect((await call('flg_list')).stdout).toBe('lasting\n');
    expect((await call('stat', '-c', '%a', '/var/log/holdfast/agent.log')).stdout).toMatch(/^6[04]/);
    expect((await call('lkstart')).stdout).toBe('nothing to do: the agent is running\n');

    expect(await call('lkstop', '-f')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/services stay up\n$/),
    });
    expect((await outside('findmnt', '/srv/mail')).ok).toBe(true);
    expect(await call('lkstart', '-w', '20')).toMatchObject({ exitCode: 0 });
    expect(await states()).toEqual({ disk: 'ISP', mail: 'ISP' });
    await call('flg_remove', '-f', 'lasting');
  }, 90_000);
});
