import type { AbortStep, CheckResult, Readiness } from '@holdfast/kit';
import { kitConformance } from '@holdfast/kit/conformance';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Bench,
  dataDirectory,
  openBench,
  pidFile,
  resetBench,
  serverProcesses,
  serverStart,
  sleepingBackend,
  until,
} from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench?.lab.close());

const startTime = (port: number): [string, ...string[]] => [
  ...(['/usr/lib/postgresql/15/bin/psql', '-XAtw', '-h', '/run/postgresql'] as const),
  ...['-U', 'postgres', '-p', String(port), '-c', serverStart],
];

kitConformance({
  kit: 'postgresql',
  host: () => bench.node,
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
      { version: 15 },
      { stallSeconds: 0 },
      { datadirectory: '/srv/pg' },
    ],
  }),
  framework: { describe, beforeAll, test, expect },
});

describe('a server', () => {
  let bystander: string;
  const probe = (): Promise<string> => bench.run(...startTime(5433));
  beforeEach(async () => {
    await resetBench(bench);
    bystander = await probe();
  });
  afterEach(async () => {
    expect(await probe()).toBe(bystander);
  });

  test('with a frozen child stops in order', async () => {
    await bench.must('restore');
    const session = bench.session('select pg_sleep(1000)');
    await bench.run('kill', '-STOP', await sleepingBackend(bench));
    expect(await bench.must('remove')).toBe('stopped by a fast shutdown');
    await session.ended;
  });

  test('finds its socket directory made anew after a boot', async () => {
    const changed = { socketDirectory: '/run/after/boot' };
    await bench.must('restore', { changed });
    expect(await bench.run('stat', '-c', '%U', '/run/after/boot')).toBe('postgres');
    expect(await bench.check({ changed })).toMatchObject({ finding: 'in-service' });
  });

  test('is asked over one connection from the second check on, at the cost of a few milliseconds', async () => {
    await bench.must('restore');
    await bench.check();
    await bench.check();
    const connection = await keptConnection();
    const checks = [];
    for (let count = 0; count < 20; count += 1) checks.push(await bench.check());
    expect(checks.map(({ finding }) => finding)).toEqual(Array(20).fill('in-service'));
    expect(Math.min(...checks.map(({ tookMs }) => tookMs))).toBeLessThan(10);
    expect(await keptConnection()).toBe(connection);
    await bench.forget();
    await until('the connection is closed', async () => (await keptConnection()) === '');
  });

  test('whose kept connection hangs is asked over another one in the same check', async () => {
    await bench.must('restore');
    await bench.check();
    await bench.check();
    const backend = await bench.sql(
      "select pid from pg_stat_activity where application_name = 'holdfast' and state = 'idle'",
    );
    await bench.run('kill', '-STOP', backend);
    expect(await bench.check({ budgetMs: 1_000 })).toMatchObject({ finding: 'in-service' });
    await bench.run('kill', '-CONT', backend);
  });

  test('is started again by a shell that waits for that, and without it as well', async () => {
    await bench.must('restore');
    await bench.check();
    await bench.check();
    const [waiting] = await waitingShells();
    await bench.run('pkill', '-KILL', '-F', pidFile);
    // It is no server that is being started: nothing runs here.
    await until('all of it is gone', async () => (await serverProcesses(bench)).length === 0);
    expect(await bench.check()).toMatchObject({ finding: 'out-of-service' });
    await bench.must('recover');
    expect(await waitingShells()).not.toContain(waiting);
    await bench.check();
    const [next] = await waitingShells();
    await bench.run('kill', '-KILL', next!);
    await bench.run('pkill', '-KILL', '-F', pidFile);
    await bench.must('recover');
    await bench.check();
    expect(await waitingShells()).toHaveLength(1);
    await bench.must('remove');
    await until('nobody waits', async () => (await waitingShells()).length === 0);
  });

  test('whose settings changed is not started by a shell that waits to start it as it was', async () => {
    await bench.must('restore');
    await bench.check();
    await bench.check();
    await bench.run('pkill', '-KILL', '-F', pidFile);
    const changed = { logFile: `${dataDirectory}/other.log` };
    await bench.must('recover', { changed });
    expect(await bench.run('cat', `${dataDirectory}/other.log`)).toMatch(/ready to accept connections/);
    await bench.check({ changed });
    expect(await waitingShells()).toHaveLength(1);
    await bench.forget();
    await until('nobody waits', async () => (await waitingShells()).length === 0);
  });

  test('that was started anew by somebody is asked over a new connection', async () => {
    await bench.must('restore');
    await bench.check();
    await bench.check();
    await bench.must('remove', { memory: 'fresh' });
    expect(await bench.check()).toMatchObject({ finding: 'out-of-service' });
    await bench.must('restore', { memory: 'fresh' });
    expect(await bench.check()).toMatchObject({ finding: 'in-service' });
  });

  test('that stands by takes no writes, and a deep check does not try', async () => {
    await bench.run('install', '-o', 'postgres', '/dev/null', `${dataDirectory}/standby.signal`);
    await bench.must('restore');
    const deep = await bench.call<CheckResult>('deepCheck');
    expect(deep).toMatchObject({ finding: 'in-service', conditions: [{ code: 'in-recovery' }] });
    await bench.must('remove');
    await bench.run('rm', '-f', `${dataDirectory}/standby.signal`);
  });

  test.each(['healthy', 'a frozen postmaster', 'a frozen child'])(
    'is dropped within a second by what abort gives: %s',
    async (state) => {
      await bench.must('restore');
      const session = bench.session('select pg_sleep(1000)');
      const backend = await sleepingBackend(bench);
      const steps = await bench.call<readonly AbortStep[]>('abort');
      if (state === 'a frozen postmaster') await bench.run('pkill', '-STOP', '-F', pidFile);
      if (state === 'a frozen child') await bench.run('kill', '-STOP', backend);
      const begunAt = performance.now();
      for (const { argv, budgetMs } of steps) await bench.node.run(argv, { budgetMs, killAfterMs: 50 });
      const tookMs = performance.now() - begunAt;
      await until('none of it is left', async () => (await serverProcesses(bench)).length === 0);
      expect(steps.reduce((sum, { budgetMs }) => sum + budgetMs, 0)).toBeLessThanOrEqual(1_000);
      expect(tookMs).toBeLessThan(1_500);
      expect(await bench.check()).toMatchObject({ finding: 'out-of-service' });
      await session.ended;
    },
  );

  test('that is out gives nothing to abort, and what was given harms nobody later', async () => {
    await bench.must('restore');
    const steps = await bench.call<readonly AbortStep[]>('abort');
    await bench.must('remove');
    expect(await bench.call<readonly AbortStep[]>('abort')).toEqual([]);
    // The number is given to somebody else of the same account.
    const other = await bench.run('head', '-1', '/srv/other/data/postmaster.pid');
    await bench.node.writeFile(pidFile, `${other}\n`);
    for (const { argv, budgetMs } of steps) await bench.node.run(argv, { budgetMs });
    expect(await probe()).toBe(bystander);
    await bench.run('rm', pidFile);
  });

  test('could run on a node where its data are not mounted', async () => {
    const asked = { changed: { version: '15' } };
    const ready = await bench.beta.call<Readiness>('preflight', asked);
    expect(ready).toMatchObject({ ready: true, rank: 100, warnings: [] });
    expect(ready.evidence).toMatch(/PostgreSQL 15 .*not mounted here.*account postgres.*port 5432 is free/);
    const unknown = await bench.beta.call<Readiness>('preflight');
    expect(unknown).toMatchObject({
      ready: true,
      rank: 80,
      warnings: [expect.stringMatching(/set version/)],
    });
    const absent = await bench.beta.call<Readiness>('preflight', {
      changed: { version: '9', account: 'nobody-here' },
    });
    expect(absent).toMatchObject({
      ready: false,
      evidence: 'no PostgreSQL 9 is installed here; this node has no account nobody-here',
    });
  });

  test('could run where its data are, and runs there', async () => {
    expect(await bench.call<Readiness>('preflight')).toMatchObject({ ready: true, rank: 100 });
    await bench.must('restore');
    expect(await bench.call<Readiness>('preflight')).toMatchObject({ ready: true, rank: 100 });
  });
});

/** The number, inside the node, of the program that holds the connection. */
async function keptConnection(): Promise<string> {
  const found = await bench.node.run(['pgrep', '-f', 'bin/psql .* -f /run/holdfast-psql-'], {
    budgetMs: 5_000,
  });
  return found.stdout.trim();
}

/** The numbers of the shells that wait to start the next server. */
async function waitingShells(): Promise<readonly string[]> {
  const found = await bench.node.run(['pgrep', '-f', `^sh -c read .*-D ${dataDirectory} `], {
    budgetMs: 5_000,
  });
  return found.stdout.split('\n').filter((line) => line !== '');
}
