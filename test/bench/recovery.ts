import { type Client, connect } from '@holdfast/client';
import type { AgentEvent } from '@holdfast/core';
import { accountOf, run, type Started } from '@holdfast/kit';
import { findPostgres, type Lab, type LabNode, openLab, preparePostgres, startAgent } from '@holdfast/lab';
import { type Benchmark, type Figure, figureOf } from './measure.ts';

/**
 * From a fault to the first step, and to service again, through the agent, with checks every 10 s: what is faster than
 * that was heard from the kernel. Nothing tells that a server is frozen, so that one waits for a check, each second.
 * The first step is timed by the clock of the agent's events, in whole milliseconds; service by a client that asks
 * again and again. PostgreSQL is held against a bare server on the same data, before and after in the same run, which
 * a waiting shell starts again at the moment of its death: nothing that restarts it can do with less.
 */
export const recovery: Benchmark = {
  name: 'recovery',
  measures: 'a killed or frozen PostgreSQL, a deleted address, an unmounted file system',
  runs: 20,
  async *run({ runs }) {
    const lab = await openLab();
    try {
      const bench = await open(lab);
      const half = Math.ceil(runs / 2);
      const bare = await bareServer(bench, half);
      const killed = await repeat(runs, () => faultAndBack(bench, killPostmaster(bench), answers(bench)));
      bare.push(...(await bareServer(bench, half)));
      yield* figuresOf('PostgreSQL killed', killed, figureOf('bare', bare));
      yield figureOf('a bare PostgreSQL killed: served', bare);
      yield* figuresOf('address deleted', await repeat(runs, () => deleteAddress(bench)));
      yield* figuresOf('file system unmounted', await repeat(runs, () => unmount(bench)));
      const frozen = async () => {
        await someMoment();
        return faultAndBack(bench, freezePostmaster(bench), answers(bench));
      };
      yield* figuresOf('PostgreSQL frozen, checked each second', await repeat(runs, frozen));
    } finally {
      await lab.close();
    }
  },
};

type Bench = Readonly<{
  lab: Lab;
  node: LabNode;
  programs: string;
  client: Client;
  /** A shell in the node that waits for words: a fault begins when it has them. */
  shell: Started;
}>;

type Spans = Readonly<{ firstStepMs: number; servedMs: number }>;

const budget = { budgetMs: 60_000 };
const dataDirectory = '/srv/pg/data';
const address = '10.77.0.50';

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
      ip: { type: 'ip', settings: { address: `${address}/24`, device: 'eth0' } },
      fs: { type: 'filesystem', settings: { device, mountPoint: '/srv/pg', fsType: 'ext4' } },
      pg: {
        type: 'postgresql',
        needs: ['fs', 'ip'],
        settings: { dataDirectory },
        policy: { quickCheck: { every: '1s' } },
      },
      spare: {
        type: 'filesystem',
        settings: { device: spare.device, mountPoint: '/srv/spare', fsType: 'ext4' },
      },
    },
  };
  await must(node.run(['holdfast', 'apply', '-'], { ...budget, input: JSON.stringify(document) }));
  await perform(node, 'pg', 'restore');
  await perform(node, 'spare', 'restore');
  return {
    lab,
    node,
    programs: await findPostgres(),
    client: connect({ socketPath: node.path('/run/holdfast/agent.sock') }),
    shell: node.start(['sh'], { keepInputOpen: true }),
  };
}

async function perform(node: LabNode, tag: string, action: string): Promise<void> {
  await must(node.run(['perform_action', '-t', tag, '-a', action], budget));
}

async function killPostmaster({ node }: Bench): Promise<string> {
  return `kill -KILL ${await postmaster(node)}`;
}

async function freezePostmaster({ node }: Bench): Promise<string> {
  return `kill -STOP ${await postmaster(node)}`;
}

function deleteAddress(bench: Bench): Promise<Spans> {
  const isThere = `until ip -brief address show to ${address} | grep -q .; do :; done`;
  const fault = Promise.resolve(`ip address del ${address}/24 dev eth0`);
  return faultAndBack(bench, fault, () => must(bench.node.run(['sh', '-c', isThere], budget)));
}

function unmount(bench: Bench): Promise<Spans> {
  const isThere = 'until mountpoint -q /srv/spare; do :; done';
  const fault = Promise.resolve('umount /srv/spare');
  return faultAndBack(bench, fault, () => must(bench.node.run(['sh', '-c', isThere], budget)));
}

/** Nothing tells of it but a check: it happens at any moment between two of them. */
function someMoment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * 1_000));
}

/** A client that asks until it is answered, each time by a connection of its own. */
function answers({ lab, programs }: Bench): () => Promise<void> {
  const ask = `until ${programs}/psql -h ${address} -U postgres -XAtc 'select 1' >/dev/null 2>&1; do :; done`;
  return () => must(lab.client.run(['sh', '-c', ask], budget));
}

/** One fault at a time: the next comes when the operation that repairs this one is over. */
async function faultAndBack(
  { client, shell }: Bench,
  fault: Promise<string>,
  untilServed: () => Promise<void>,
): Promise<Spans> {
  const words = await fault;
  const leaving = new AbortController();
  const events = client.events(undefined, leaving.signal)[Symbol.asyncIterator]();
  // The stream is open once it was asked for its first event and the agent was asked for something else since.
  const first = events.next();
  await client.status();
  const faultAt = Date.now();
  const begunAt = performance.now();
  await shell.write(`${words}\n`);
  const served = untilServed().then(() => performance.now() - begunAt);
  const steps = await stepsUntilEnd(first, events);
  const servedMs = await served;
  leaving.abort();
  return { firstStepMs: steps.find(({ kind }) => kind === 'step-begun')!.at - faultAt, servedMs };
}

async function stepsUntilEnd(
  first: Promise<IteratorResult<AgentEvent>>,
  events: AsyncIterator<AgentEvent>,
): Promise<readonly AgentEvent[]> {
  const seen: AgentEvent[] = [];
  for (let next = await first; next.done !== true; next = await events.next()) {
    seen.push(next.value);
    if (next.value.kind === 'operation-ended') break;
  }
  return seen;
}

/** The same server under a shell that does nothing but wait for its end, and start it again. */
async function bareServer(bench: Bench, runs: number): Promise<number[]> {
  const { node, programs, shell } = bench;
  await perform(node, 'pg', 'remove');
  const account = (await accountOf('postgres', run))!;
  const loop = 'while [ ! -e /run/enough ]; do "$@"; done';
  const server = [`${programs}/postgres`, '-D', dataDirectory, '-k', '/run/postgresql'] as const;
  const running = node.start(['sh', '-c', loop, 'sh', ...server], { account, cwd: '/' });
  await answers(bench)();
  const spans = await repeat(runs, async () => {
    const words = await killPostmaster(bench);
    const begunAt = performance.now();
    await shell.write(`${words}\n`);
    await answers(bench)();
    return performance.now() - begunAt;
  });
  await must(node.run(['touch', '/run/enough'], budget));
  await shell.write(`kill -INT ${await postmaster(node)}\n`);
  await running.ended;
  await must(node.run(['rm', '/run/enough'], budget));
  await perform(node, 'pg', 'restore');
  return spans;
}

async function postmaster(node: LabNode): Promise<number> {
  const first = await node.run(['head', '-n', '1', `${dataDirectory}/postmaster.pid`], budget);
  return Number(first.stdout);
}

/** One that does not count comes first. */
async function repeat<Value>(runs: number, once: () => Promise<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for (let turn = 0; turn <= runs; turn += 1) values.push(await once());
  return values.slice(1);
}

function* figuresOf(name: string, spans: readonly Spans[], bare?: Figure): Iterable<Figure> {
  yield figureOf(
    `${name}: first step`,
    spans.map(({ firstStepMs }) => firstStepMs),
  );
  const served = figureOf(
    `${name}: served`,
    spans.map(({ servedMs }) => servedMs),
  );
  if (bare === undefined) yield served;
  else {
    const ratio = Number((served.p50 / bare.p50).toPrecision(3));
    yield { ...served, against: 'a bare server, started again at once', ratio };
  }
}

async function must(running: Promise<{ ok: boolean; says: string }>): Promise<void> {
  const { ok, says } = await running;
  if (!ok) throw new Error(says);
}
