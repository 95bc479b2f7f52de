import { fileURLToPath } from 'node:url';
import { waitUntil } from '@holdfast/kit';
import { kitConformance } from '@holdfast/kit/conformance';
import { type Lab, type LabNode, openLab, preparePostgres } from '@holdfast/lab';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('../../../packages/cli/bin/holdfast', import.meta.url));
const dataDirectory = '/srv/pg/data';
const otherDirectory = '/srv/other/data';
const pidFile = `${dataDirectory}/postmaster.pid`;
const budget = { budgetMs: 20_000 };

let lab: Lab;
let node: LabNode;
let device: string;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'pg-alpha', address: '10.77.0.11' });
  device = (await lab.addDisk({ name: 'pg', sizeMb: 160 })).device;
  const other = (await lab.addDisk({ name: 'other', sizeMb: 160 })).device;
  await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory });
  await preparePostgres(node, {
    device: other,
    mountPoint: '/srv/other',
    dataDirectory: otherDirectory,
    port: 5433,
  });
  await must('mount', device, '/srv/pg');
  await must('mount', other, '/srv/other');
  const bystander = await kit('restore', { dataDirectory: otherDirectory, port: 5433 });
  expect(bystander).toMatchObject({ result: 'done' });
}, 60_000);
afterAll(() => lab?.close());

const startTime = (port: number): [string, ...string[]] => [
  ...(['psql', '-XAtw', '-h', '/run/postgresql', '-U', 'postgres', '-p', String(port)] as const),
  ...['-c', 'select pg_postmaster_start_time()'],
];

kitConformance({
  kit: 'postgresql',
  host: () => node,
  world: () => ({
    settings: { dataDirectory },
    serves: startTime(5432),
    same: startTime(5432),
    breakIt: ['pkill', '-KILL', '-F', pidFile],
    freeze: ['pkill', '-STOP', '-F', pidFile],
    unfreeze: ['pkill', '-CONT', '-F', pidFile],
    bystanders: [{ name: 'another server', probe: startTime(5433) }],
    wrongSettings: [
      { port: 0 },
      { port: '5432' },
      { dataDirectory: 'srv/pg' },
      { dataDirectory: '/srv/$(reboot)' },
      { socketDirectory: '/run/a b' },
      { datadirectory: '/srv/pg' },
    ],
  }),
  framework: { describe, beforeAll, test, expect },
});

describe('a server', () => {
  afterEach(async () => {
    expect(await kit('remove')).toMatchObject({ result: 'done' });
    expect((await node.run(startTime(5433), budget)).ok).toBe(true);
  });

  test('whose postmaster was killed answers again, with the rows that were committed', async () => {
    await kit('restore');
    await sql('create table if not exists kept (row int)', 'insert into kept values (1)');
    await must('pkill', '-KILL', '-F', pidFile);
    expect(await kit('recover')).toMatchObject({ result: 'done' });
    expect((await sql('select count(*) > 0 from kept')).stdout).toContain('t');
  });

  test('that is frozen fails the check at once, and recover starts it anew', async () => {
    await kit('restore');
    await must('pkill', '-STOP', '-F', pidFile);
    const check = await kit('quickCheck');
    expect(check).toMatchObject({ finding: 'failed', evidence: expect.stringContaining('frozen') });
    expect(check.tookMs).toBeLessThan(1_000);
    expect(await kit('recover')).toMatchObject({ result: 'done' });
    expect(await kit('quickCheck')).toMatchObject({ finding: 'in-service' });
  });

  test('that left a frozen child with its shared memory is started after the child was ended', async () => {
    await kit('restore');
    const session = node.start(psql('select pg_backend_pid()', 'select pg_sleep(1000)'));
    const backend = await pidOf('pg_sleep');
    await must('kill', '-STOP', backend);
    await must('pkill', '-KILL', '-F', pidFile);
    const check = await kit('quickCheck');
    expect(check).toMatchObject({ finding: 'failed', evidence: expect.stringContaining(backend) });
    expect(await kit('restore')).toMatchObject({ result: 'done', evidence: expect.stringContaining('KILL') });
    await session.ended;
  });

  test('is not confused by a stale number that another process of its account has since', async () => {
    await kit('restore');
    await must('pkill', '-KILL', '-F', pidFile);
    const asleep = node.start([
      'setpriv',
      '--reuid=postgres',
      '--regid=postgres',
      '--clear-groups',
      'sleep',
      '777',
    ]);
    const stranger = await pidOf('sleep 777');
    for (const lock of [pidFile, '/run/postgresql/.s.PGSQL.5432.lock']) {
      await must('sed', '-i', `1s/.*/${stranger}/`, lock);
    }
    expect(await kit('quickCheck')).not.toMatchObject({ finding: 'in-service' });
    expect(await kit('restore')).toMatchObject({
      result: 'done',
      evidence: expect.stringContaining(`named ${stranger}`),
    });
    expect(await kit('remove')).toMatchObject({ result: 'done' });
    // The stranger lives.
    await must('kill', '-0', stranger);
    await must('kill', stranger);
    await asleep.ended;
  });

  test('is started though its file of numbers is empty', async () => {
    await must('truncate', '-s', '0', pidFile);
    expect(await kit('restore')).toMatchObject({
      result: 'done',
      evidence: expect.stringContaining('was empty'),
    });
  });

  test('is refused while one of its tablespaces is not mounted', async () => {
    await must('install', '-d', '-o', 'postgres', '-m', '0700', '/srv/space');
    await kit('restore');
    await sql("create tablespace far location '/srv/space'");
    await kit('remove');
    await must('mv', '/srv/space', '/srv/away');
    await must('mkdir', '/srv/space');
    expect(await kit('restore')).toMatchObject({
      result: 'failed',
      evidence: expect.stringMatching(/^\/srv\/space, where .*pg_tblspc\/\d+ points, is missing or empty$/),
    });
    await must('rmdir', '/srv/space');
    await must('mv', '/srv/away', '/srv/space');
    expect(await kit('restore')).toMatchObject({ result: 'done' });
    await sql('drop tablespace far');
  });

  test('whose file system is not mounted is refused, and nothing is made in its place', async () => {
    await must('umount', '/srv/pg');
    try {
      const outcome = await kit('restore');
      expect(outcome).toMatchObject({ result: 'failed', evidence: `${dataDirectory} has no PG_VERSION` });
      expect(await kit('quickCheck')).toMatchObject({ finding: 'out-of-service' });
      expect(await kit('remove')).toMatchObject({ result: 'done' });
      expect((await must('ls', '-A', '/srv/pg')).stdout).toBe('');
    } finally {
      await must('mount', device, '/srv/pg');
    }
  });

  test('whose port is taken fails with the words of the server', async () => {
    // Without its socket in the way, so that it is the port that is refused.
    const outcome = await kit('restore', { port: 5433, socketDirectory: '/run/elsewhere' });
    expect(outcome).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('could not create any TCP/IP sockets'),
    });
    expect(await kit('quickCheck')).toMatchObject({ finding: 'out-of-service' });
  });

  test('of another version than what is installed is refused', async () => {
    await must('cp', '-a', `${dataDirectory}/PG_VERSION`, '/srv/pg/PG_VERSION');
    await must('sed', '-i', 's/.*/9/', `${dataDirectory}/PG_VERSION`);
    try {
      expect(await kit('restore')).toMatchObject({
        result: 'failed',
        evidence: expect.stringContaining('no PostgreSQL 9 is installed'),
      });
    } finally {
      await must('cp', '-a', '/srv/pg/PG_VERSION', `${dataDirectory}/PG_VERSION`);
    }
  });

  test('with all its connections in use is degraded, not failed', async () => {
    await kit('restore');
    const reserved = [
      'alter system set max_connections = 5',
      'alter system set superuser_reserved_connections = 0',
    ];
    await sql(...reserved, 'alter system set max_wal_senders = 0');
    await kit('remove');
    await kit('restore');
    const sessions = Array.from({ length: 5 }, () => node.start(psql('select pg_sleep(1000)')));
    try {
      const full = await waitUntil(
        async () => {
          const check = await kit('quickCheck');
          return check.finding === 'degraded' ? check : undefined;
        },
        { withinMs: 10_000 },
      );
      expect(full?.evidence).toMatch(/too many clients/);
      // What runs and is full is not started again.
      const before = (await must('head', '-1', pidFile)).stdout;
      expect(await kit('restore')).toMatchObject({ result: 'done' });
      expect((await must('head', '-1', pidFile)).stdout).toBe(before);
    } finally {
      for (const session of sessions) session.kill('SIGKILL');
      await kit('remove');
      await must('truncate', '-s', '0', `${dataDirectory}/postgresql.auto.conf`);
    }
  });

  test('with an error in its configuration fails with the line of it', async () => {
    await must('cp', '-a', `${dataDirectory}/postgresql.conf`, '/srv/pg/kept.conf');
    await must('sed', '-i', '$a garbage here', `${dataDirectory}/postgresql.conf`);
    try {
      expect(await kit('restore')).toMatchObject({
        result: 'failed',
        evidence: expect.stringMatching(/"garbage" in file ".*postgresql\.conf" line \d+/),
      });
    } finally {
      await must('cp', '-a', '/srv/pg/kept.conf', `${dataDirectory}/postgresql.conf`);
    }
  });

  test('with a frozen child stops in order', async () => {
    await kit('restore');
    const session = node.start(psql('select pg_sleep(1000)'));
    await must('kill', '-STOP', await pidOf('pg_sleep'));
    expect(await kit('remove')).toMatchObject({ result: 'done', evidence: 'stopped by a fast shutdown' });
    await session.ended;
  });

  test('with a child that waits where it hears nothing is stopped harder in time', async () => {
    await kit('restore');
    const session = node.start(psql(`copy (select 1) to program 'trap "" TERM; exec sleep 555'`));
    await pidOf('sleep 555');
    const outcome = await kit('remove', {}, ['--budget', '8000']);
    expect(outcome).toMatchObject({ result: 'done', evidence: 'stopped by an immediate shutdown' });
    expect(outcome.tookMs).toBeLessThan(8_000);
    await session.ended;
    await node.run(['pkill', '-f', 'sleep 555'], budget);
  });

  test('finds its socket directory made anew after a boot', async () => {
    const socketDirectory = '/run/after/boot';
    expect(await kit('restore', { socketDirectory })).toMatchObject({ result: 'done' });
    expect((await must('stat', '-c', '%U', socketDirectory)).stdout).toBe('postgres\n');
    expect(await kit('quickCheck', { socketDirectory })).toMatchObject({ finding: 'in-service' });
  });
});

type Answer = { result?: string; finding?: string; evidence: string; tookMs: number };

async function kit(action: string, changed: object = {}, words: readonly string[] = []): Promise<Answer> {
  const input = JSON.stringify({ dataDirectory, ...changed });
  const argv = [program, 'kit', 'run', 'postgresql', action, '--settings', '-', '--json', ...words] as const;
  const ran = await node.run(argv, { budgetMs: 60_000, input });
  if (ran.exitCode === 2 || ran.stdout === '') throw new Error(`${ran.says}\n${ran.stderr}`);
  return JSON.parse(ran.stdout);
}

function psql(...statements: string[]): [string, ...string[]] {
  const commands = statements.flatMap((statement) => ['-c', statement]);
  return ['psql', '-XAtw', '-h', '/run/postgresql', '-U', 'postgres', ...commands];
}

async function sql(...statements: string[]): Promise<{ stdout: string }> {
  return must(...psql(...statements));
}

/** The number, inside the node, of the process whose command or title has these words; waits until it is there. */
async function pidOf(words: string): Promise<string> {
  const pid = await waitUntil(
    async () => {
      if (words !== 'pg_sleep') {
        const found = await node.run(['pgrep', '-x', '-f', words], budget);
        return found.ok ? found.stdout.trim() : undefined;
      }
      const asked = "select pid from pg_stat_activity where wait_event = 'PgSleep'";
      return (await sql(asked)).stdout.trim() || undefined;
    },
    { withinMs: 10_000 },
  );
  if (pid === undefined) throw new Error(`no process ${words}`);
  return pid;
}

async function must(...argv: [string, ...string[]]): Promise<{ stdout: string }> {
  const ran = await node.run(argv, budget);
  if (!ran.ok) throw new Error(`${argv.join(' ')}: ${ran.says}`);
  return ran;
}
