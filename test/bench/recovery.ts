import { accountOf, run, type Started } from '@holdfast/kit';
import { findPostgres, type Lab, type LabNode, openLab, preparePostgres, startAgent } from '@holdfast/lab';
import { type Benchmark, type Figure, figureOf } from './measure.ts';

/**
 * From a fault to service again, through the agent, with checks every 10 s: what is faster than that was heard from
 * the kernel. PostgreSQL is held against a bare server on the same data, in the same run, that a waiting parent
 * starts again at the moment of its death: nothing that restarts it can do with less.
 */
export const recovery: Benchmark = {
  name: 'recovery',
  measures:
    'a killed PostgreSQL, a deleted address, an unmounted file system: from the fault until a client is served',
  async *run({ runs }) {
    const lab = await openLab();
    try {
      const bench = await open(lab);
      const postgres = await repeat(runs, () => killPostgres(bench));
      const bare = await bareServer(bench, runs);
      const figure = figureOf('PostgreSQL killed', postgres);
      yield {
        ...figure,
        against: 'a bare server, started again at once',
        ratio: ratio(figure, figureOf('bare', bare)),
      };
      yield figureOf('address deleted', await repeat(runs, () => deleteAddress(bench)));
      yield figureOf('file system unmounted', await repeat(runs, () => unmount(bench)));
    } finally {
      await lab.close();
    }
  },
};

type Bench = Readonly<{ lab: Lab; node: LabNode; programs: string }>;

const budget = { budgetMs: 60_000 };
const dataDirectory = '/srv/pg/data';

async function open(lab: Lab): Promise<Bench> {
  const node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  const { device } = await lab.addDisk({ name: 'pg', sizeMb: 192 });
  const spare = await lab.addDisk({ name: 'spare', sizeMb: 16 });
  await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory });
  await startAgent(node);
  const document = {
    nodes: ['alpha'],
    policy: { localRecovery: { attempts: 100_000 } },
    resources: {
      ip: { type: 'ip', settings: { address: '10.77.0.50/24', device: 'eth0' } },
      fs: { type: 'filesystem', settings: { device, mountPoint: '/srv/pg', fsType: 'ext4' } },
      pg: { type: 'postgresql', needs: ['fs', 'ip'], settings: { dataDirectory } },
      spare: {
        type: 'filesystem',
        settings: { device: spare.device, mountPoint: '/srv/spare', fsType: 'ext4' },
      },
    },
  };
  await must(node.run(['holdfast', 'apply', '-'], { ...budget, input: JSON.stringify(document) }));
  await must(node.run(['perform_action', '-t', 'pg', '-a', 'restore'], budget));
  await must(node.run(['perform_action', '-t', 'spare', '-a', 'restore'], budget));
  return { lab, node, programs: await findPostgres() };
}

async function killPostgres(bench: Bench): Promise<number> {
  return timed(
    () => killPostmaster(bench),
    () => answers(bench),
  );
}

async function deleteAddress({ node }: Bench): Promise<number> {
  const isBack = async () =>
    (await node.run(['ip', '-brief', 'address', 'show', 'to', '10.77.0.50'], budget)).stdout !== '';
  return timed(
    () => must(node.run(['ip', 'address', 'del', '10.77.0.50/24', 'dev', 'eth0'], budget)),
    isBack,
  );
}

async function unmount({ node }: Bench): Promise<number> {
  const isBack = async () => (await node.run(['findmnt', '-n', '/srv/spare'], budget)).ok;
  return timed(() => must(node.run(['umount', '/srv/spare'], budget)), isBack);
}

/** The same server under a parent that does nothing but wait for its end, and start it again. */
async function bareServer(bench: Bench, runs: number): Promise<number[]> {
  const { node, programs } = bench;
  await must(node.run(['perform_action', '-t', 'pg', '-a', 'remove'], budget));
  const account = (await accountOf('postgres', run))!;
  let isOver = false;
  let running: Started;
  const launch = (): void => {
    running = node.start([`${programs}/postgres`, '-D', dataDirectory, '-k', '/run/postgresql'], {
      account,
      cwd: '/',
    });
    void running.ended.then(() => isOver || launch());
  };
  launch();
  for (let isUp = false; !isUp; ) isUp = await answers(bench);
  const spans = await repeat(runs, () => killPostgres(bench));
  isOver = true;
  running!.kill('SIGINT');
  await running!.ended;
  await must(node.run(['perform_action', '-t', 'pg', '-a', 'restore'], budget));
  return spans;
}

async function killPostmaster({ node }: Bench): Promise<void> {
  await must(node.run(['pkill', '-KILL', '-F', `${dataDirectory}/postmaster.pid`], budget));
}

async function answers({ lab, programs }: Bench): Promise<boolean> {
  const query = [`${programs}/psql`, '-h', '10.77.0.50', '-U', 'postgres', '-XAtc', 'select 1'] as const;
  return (await lab.client.run(query, { budgetMs: 2_000 })).ok;
}

async function timed(fault: () => Promise<unknown>, isServed: () => Promise<boolean>): Promise<number> {
  await fault();
  const begunAt = performance.now();
  while (!(await isServed())) {
    if (performance.now() - begunAt > 60_000) throw new Error('not served again within a minute');
  }
  return performance.now() - begunAt;
}

/** One that does not count comes first. */
async function repeat(runs: number, once: () => Promise<number>): Promise<number[]> {
  const spans: number[] = [];
  for (let turn = 0; turn <= runs; turn += 1) spans.push(await once());
  return spans.slice(1);
}

async function must(running: Promise<{ ok: boolean; says: string }>): Promise<void> {
  const { ok, says } = await running;
  if (!ok) throw new Error(says);
}

function ratio(one: Figure, other: Figure): number {
  return Number((one.p50 / other.p50).toPrecision(3));
}
