import { type CheckResult, type Outcome, type Started, waitUntil } from '@holdfast/kit';
import { type Lab, type LabNode, openLab, openLines, preparePostgres, type Seen } from '@holdfast/lab';
import { driveKit } from '@holdfast/testkit/kits';
import { isServed } from './isServed.ts';

export const dataDirectory = '/srv/pg/data';
export const pidFile = `${dataDirectory}/postmaster.pid`;
const otherDirectory = '/srv/other/data';
export const asPostgres = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] as const;

export type Timed<Answer> = Answer & Readonly<{ tookMs: number }>;
type CallOptions = Readonly<{
  changed?: object;
  budgetMs?: number;
  epoch?: number;
  memory?: 'kept' | 'fresh';
}>;

/** A node on which the kit is called, and what a test does there. */
export type Station = Readonly<{
  node: LabNode;
  call: <Answer>(action: string, options?: CallOptions) => Promise<Timed<Answer>>;
  /** The kit lets go of what it keeps from call to call. */
  forget: () => Promise<void>;
  check: (options?: CallOptions) => Promise<Timed<CheckResult>>;
  /** Calls it, and throws when it is not done; gives the evidence. */
  must: (action: 'restore' | 'remove' | 'recover', options?: CallOptions) => Promise<string>;
  /** Calls it, and throws when it is done; gives the evidence and what to do. */
  mustFail: (action: 'restore' | 'remove' | 'recover', options?: CallOptions) => Promise<string>;
  run: (...argv: [string, ...string[]]) => Promise<string>;
  sql: (...statements: string[]) => Promise<string>;
  /** A client that stays until its statement is over, or it is killed. */
  session: (statement: string) => Started;
  isServed: () => Promise<boolean>;
}>;

/** Two nodes on one disk, and beside it a second server that must never be disturbed. */
export type Bench = Station & Readonly<{ lab: Lab; beta: Station; device: string }>;

export async function openBench(): Promise<Bench> {
  const lab = await openLab();
  try {
    const node = await lab.addNode({ name: 'pg-alpha', address: '10.77.0.11' });
    const other = await lab.addNode({ name: 'pg-beta', address: '10.77.0.12' });
    const { device } = await lab.addDisk({ name: 'pg', sizeMb: 256 });
    const { device: otherDevice } = await lab.addDisk({ name: 'other', sizeMb: 160 });
    await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory });
    await preparePostgres(node, {
      device: otherDevice,
      mountPoint: '/srv/other',
      dataDirectory: otherDirectory,
      port: 5433,
    });
    const [alpha, beta] = await Promise.all([openStation(node), openStation(other)]);
    await alpha.run('mount', '-o', 'errors=remount-ro', device, '/srv/pg');
    await alpha.run('mount', otherDevice, '/srv/other');
    await alpha.run('cp', '-a', `${dataDirectory}/postgresql.conf`, '/srv/pg/kept.conf');
    await alpha.must('restore', {
      changed: { dataDirectory: otherDirectory, port: 5433 },
      memory: 'fresh',
    });
    return { ...alpha, lab, beta, device };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

async function openStation(node: LabNode): Promise<Station> {
  const { ask } = await openLines(node, driveKit, 'postgresql');
  const call: Station['call'] = (action, { changed = {}, budgetMs = 30_000, ...options } = {}) =>
    ask({ do: 'act', action, settings: { dataDirectory, ...changed }, budgetMs, ...options });
  const run: Station['run'] = async (...argv) => {
    const ran = await node.run(argv, { budgetMs: 20_000 });
    if (!ran.ok) throw new Error(`${argv.join(' ')}: ${ran.says}`);
    return ran.stdout.trim();
  };
  return {
    node,
    call,
    forget: () => ask({ do: 'forget' }),
    run,
    check: (options) => call<CheckResult>('quickCheck', { budgetMs: 5_000, ...options }),
    must: async (action, options) => {
      const outcome = await call<Outcome>(action, options);
      if (outcome.result !== 'done') throw new Error(`${action}: ${outcome.evidence}`);
      return outcome.evidence;
    },
    mustFail: async (action, options) => {
      const outcome = await call<Outcome>(action, options);
      if (outcome.result !== 'failed') throw new Error(`${action} is done: ${outcome.evidence}`);
      return `${outcome.evidence}; ${outcome.todo}`;
    },
    sql: (...statements) => run(...psql(...statements)),
    session: (statement) => node.start(psql(statement)),
    isServed: () => isServed(node.path('/run/postgresql/.s.PGSQL.5432')),
  };
}

function psql(...statements: string[]): [string, ...string[]] {
  const commands = statements.flatMap((statement) => ['-c', statement]);
  return ['psql', '-XAtw', '-h', '/run/postgresql', '-U', 'postgres', ...commands];
}

/** Out of service, mounted, and configured as at first. */
export async function resetBench({ must, run, forget, node, device }: Bench): Promise<void> {
  await forget();
  await must('remove');
  const mounted = await node.run(['mountpoint', '-q', '/srv/pg'], { budgetMs: 5_000 });
  if (!mounted.ok) await run('mount', '-o', 'errors=remount-ro', device, '/srv/pg');
  await run('cp', '-a', '/srv/pg/kept.conf', `${dataDirectory}/postgresql.conf`);
  await run('truncate', '-s', '0', `${dataDirectory}/postgresql.auto.conf`);
}

/** Waits until it is so, within a bound. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const so = await waitUntil(async () => ((await isSo()) ? true : undefined), { withinMs: 10_000 });
  if (so === undefined) throw new Error(`it did not come to this: ${what}`);
}

export function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** The postmaster, by what the kit does not use: its start as the server tells it. */
export const serverStart = 'select pg_postmaster_start_time()';

/** The fault was injected: the check must find it, and the repair must bring the clients back. */
export async function heal(
  bench: Bench,
  injectedAt: number,
  options: Readonly<{ finds?: readonly string[]; memory?: 'kept' | 'fresh' }> = {},
): Promise<Required<Seen>> {
  const { finds = ['failed', 'out-of-service', 'timeout'], memory = 'kept' } = options;
  const check = await bench.check({ memory });
  expectThat(finds.includes(check.finding), `the check says ${check.finding}: ${check.evidence}`);
  const repaired = await bench.must('recover');
  await until('a client is served', bench.isServed);
  const healthyMs = performance.now() - injectedAt;
  const after = await bench.check();
  expectThat(after.finding === 'in-service', `afterwards the check says ${after.finding}: ${after.evidence}`);
  return { seen: `${check.finding}: ${check.evidence}\n${repaired}`, healthyMs };
}

/** The number, inside the node, of the backend that sleeps. */
export async function sleepingBackend({ sql }: Station): Promise<string> {
  let pid = '';
  await until('a session sleeps', async () => {
    pid = await sql("select pid from pg_stat_activity where wait_event = 'PgSleep'");
    return pid !== '';
  });
  return pid;
}

/** The numbers of the processes of the server, as the kernel sees them by their account and program. */
export async function serverProcesses({ node }: Station): Promise<readonly string[]> {
  const argv = ['pgrep', '-f', `^/usr/lib/postgresql/[0-9]+/bin/postgres -D ${dataDirectory} `] as const;
  const found = await node.run(argv, { budgetMs: 5_000 });
  return found.stdout.trim().split('\n').filter(Boolean);
}
