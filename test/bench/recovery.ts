import { type Client, connect } from '@holdfast/client';
import type { AgentEvent } from '@holdfast/core';
import { accountOf, run } from '@holdfast/kit';
import { type Lab, type LabNode, openLab, startAgent } from '@holdfast/lab';
import {
  address,
  answers,
  budget,
  dataDirectory,
  type FaultBench,
  type FaultOf,
  freezePostmaster,
  killPostmaster,
  must,
  openFaultBench,
  postmaster,
  sharedFaults,
  someMoment,
} from './faults.ts';
import { type Benchmark, beside, type Figure, figureOf } from './measure.ts';
import { type OurFigures, recoverBesidePeers } from './peers/recoverBesidePeers.ts';

/**
 * From a fault to the first step, and to service again, through the agent, with checks every 10 s: what is faster than
 * that was heard from the kernel. Nothing tells that a server is frozen, so that one waits for a check, each second.
 * The first step is timed by the clock of the agent's events, in whole milliseconds; service by a client that asks
 * again and again. PostgreSQL is held against a bare server on the same data, before and after in the same run, which
 * a waiting shell starts again at the moment of its death: nothing that restarts it can do with less. Peers get the
 * same faults, each in a lab of its own after ours is closed, so that nobody pays for the checks of another.
 */
export const recovery: Benchmark = {
  name: 'recovery',
  peers: ['pacemaker', 'monit'],
  measures: 'a killed or frozen PostgreSQL, a deleted address, an unmounted file system',
  runs: 20,
  async *run({ runs }) {
    const ours: Partial<Record<keyof OurFigures, Figure>> = {};
    const lab = await openLab();
    try {
      const bench = await open(lab);
      const half = Math.ceil(runs / 2);
      const bare = await bareServer(bench, half);
      const killed = await repeat(runs, () => faultAndBack(bench, sharedFaults.killed));
      bare.push(...(await bareServer(bench, half)));
      const limit = figureOf('a bare PostgreSQL killed: served', bare);
      ours.killed = yield* figuresOf('PostgreSQL killed', killed, limit);
      yield limit;
      for (const key of ['address', 'unmounted'] as const) {
        const fault = sharedFaults[key];
        ours[key] = yield* figuresOf(fault.name, await repeat(runs, () => faultAndBack(bench, fault)));
      }
      const frozen: FaultOf = { name: 'frozen', words: freezePostmaster, untilServed: answers };
      const spans = await repeat(runs, () => faultAndBack(bench, frozen));
      yield* figuresOf('PostgreSQL frozen, checked each second', spans);
    } finally {
      await lab.close();
    }
    yield* recoverBesidePeers(ours as OurFigures, Math.min(runs, 5));
  },
};

type Bench = FaultBench & Readonly<{ client: Client }>;

type Spans = Readonly<{ firstStepMs: number; servedMs: number }>;

async function open(lab: Lab): Promise<Bench> {
  const bench = await openFaultBench(lab);
  const { node, device } = bench;
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
        settings: { device: bench.spare, mountPoint: '/srv/spare', fsType: 'ext4' },
      },
    },
  };
  await must(node.run(['holdfast', 'apply', '-'], { ...budget, input: JSON.stringify(document) }));
  await perform(node, 'pg', 'restore');
  await perform(node, 'spare', 'restore');
  return { ...bench, client: connect({ socketPath: node.path('/run/holdfast/agent.sock') }) };
}

async function perform(node: LabNode, tag: string, action: string): Promise<void> {
  await must(node.run(['perform_action', '-t', tag, '-a', action], budget));
}

/** One fault at a time: the next comes when the operation that repairs this one is over. */
async function faultAndBack(bench: Bench, fault: FaultOf): Promise<Spans> {
  const { client, strike } = bench;
  const words = await fault.words(bench);
  const leaving = new AbortController();
  const events = client.events(undefined, leaving.signal)[Symbol.asyncIterator]();
  // The stream is open once it was asked for its first event and the agent was asked for something else since.
  const first = events.next();
  await client.status();
  const faultAt = Date.now();
  const begunAt = performance.now();
  await strike(words);
  const served = fault.untilServed(bench).then(() => performance.now() - begunAt);
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
  const { node, programs, strike } = bench;
  await perform(node, 'pg', 'remove');
  const account = (await accountOf('postgres', run))!;
  const loop = 'while [ ! -e /run/enough ]; do "$@"; done';
  const server = [`${programs}/postgres`, '-D', dataDirectory, '-k', '/run/postgresql'] as const;
  const running = node.start(['sh', '-c', loop, 'sh', ...server], { account, cwd: '/' });
  await answers(bench);
  const spans = await repeat(runs, async () => {
    const words = await killPostmaster(bench);
    const begunAt = performance.now();
    await strike(words);
    await answers(bench);
    return performance.now() - begunAt;
  });
  await must(node.run(['touch', '/run/enough'], budget));
  await strike(`kill -INT ${await postmaster(node)}`);
  await running.ended;
  await must(node.run(['rm', '/run/enough'], budget));
  await perform(node, 'pg', 'restore');
  return spans;
}

/** One that does not count comes first. Each comes at any moment of service, and not in that after the last repair. */
async function repeat<Value>(runs: number, once: () => Promise<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for (let turn = 0; turn <= runs; turn += 1) {
    await someMoment(700, 300);
    values.push(await once());
  }
  return values.slice(1);
}

/** Answers the figure of service, for others to be held against. */
function* figuresOf(name: string, spans: readonly Spans[], bare?: Figure): Generator<Figure, Figure> {
  yield figureOf(
    `${name}: first step`,
    spans.map(({ firstStepMs }) => firstStepMs),
  );
  const served = figureOf(
    `${name}: served`,
    spans.map(({ servedMs }) => servedMs),
  );
  yield bare === undefined ? served : beside(served, bare, 'a bare server, started again at once');
  return served;
}
