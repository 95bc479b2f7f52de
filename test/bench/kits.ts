import { type Answer, type Client, connect } from '@holdfast/client';
import { findPostgres, type LabNode, openLab, preparePostgres, startAgent } from '@holdfast/lab';
import { type Benchmark, type Figure, figureOf } from './measure.ts';

/**
 * The same address, ext4 and PostgreSQL, described once with our kits and once with agents of Debian's package, under
 * the same engine and in turns: what a kit that knows its thing is quicker by than a script that asks programs.
 */
export const kits: Benchmark = {
  name: 'kits',
  measures: 'an address, ext4 and PostgreSQL: restore, check and remove, with our kits beside OCF agents',
  async *run({ runs }) {
    const lab = await openLab();
    try {
      const node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
      const { device } = await lab.addDisk({ name: 'pg', sizeMb: 192 });
      await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory });
      await startAgent(node);
      yield* compare(node, device, runs);
    } finally {
      await lab.close();
    }
  },
};

const dataDirectory = '/srv/pg/data';
const tags = ['ip', 'fs', 'pg'] as const;
const measured = ['restore', 'check ip', 'check fs', 'check pg', 'remove'] as const;
type Spans = Readonly<Record<(typeof measured)[number], number>>;

async function* compare(node: LabNode, device: string, runs: number): AsyncGenerator<Figure> {
  const client = connect({ socketPath: node.path('/run/holdfast/agent.sock'), boundMs: 60_000 });
  const own: Spans[] = [];
  const agents: Spans[] = [];
  // One of each that does not count comes first.
  for (let turn = 0; turn <= runs; turn += 1) {
    const ownSpans = await measure(client, ownKits(device));
    const agentSpans = await measure(client, await ocfAgents(device));
    if (turn === 0) continue;
    own.push(ownSpans);
    agents.push(agentSpans);
  }
  for (const what of measured) {
    const ours = figureOf(`${what}, our kits`, spansOf(own, what));
    const theirs = figureOf(`${what}, OCF agents`, spansOf(agents, what));
    yield ours;
    yield { ...theirs, against: 'our kits', ratio: Number((theirs.p50 / ours.p50).toPrecision(3)) };
  }
}

async function measure(client: Client, resources: object): Promise<Spans> {
  const document = { nodes: ['alpha'], policy: { quickCheck: { every: '1h', timeout: '30s' } }, resources };
  must(await client.apply({ document, by: 'benchmark' }));
  const restore = await carryOut(client, 'restore');
  const checks: number[] = [];
  for (const tag of tags) {
    // The first one opens what the kit keeps, or reads the agent's metadata.
    for (const counts of [false, true]) {
      const { finding, evidence, tookMs } = must(await client.check({ tag, action: 'quickCheck' }));
      if (finding !== 'in-service') throw new Error(`${tag} is ${finding}: ${evidence}`);
      if (counts) checks.push(tookMs);
    }
  }
  const remove = await carryOut(client, 'remove');
  return { restore, 'check ip': checks[0]!, 'check fs': checks[1]!, 'check pg': checks[2]!, remove };
}

/** From the command until the agent says that it ended. */
async function carryOut(client: Client, action: 'restore' | 'remove'): Promise<number> {
  const begunAt = performance.now();
  const given = must(await client.command({ action, tag: 'pg', reach: 'whole', by: 'benchmark' }));
  for await (const event of client.events(given.fromEvent, AbortSignal.timeout(120_000))) {
    if (event.kind === 'step-ended' && event.result !== 'done')
      throw new Error(`${action} ${event.tag}: ${event.evidence}`);
    if (event.kind !== 'command-ended' || event.command !== given.command) continue;
    if (event.result !== 'done') throw new Error(`${action}: ${JSON.stringify(event.unmet)}`);
    return performance.now() - begunAt;
  }
  throw new Error(`${action} did not end within two minutes`);
}

function ownKits(device: string): object {
  return {
    ip: { type: 'ip', settings: { address: '10.77.0.50/24', device: 'eth0' } },
    fs: { type: 'filesystem', settings: { device, mountPoint: '/srv/pg', fsType: 'ext4' } },
    pg: { type: 'postgresql', needs: ['fs', 'ip'], settings: { dataDirectory } },
  };
}

async function ocfAgents(device: string): Promise<object> {
  const bin = await findPostgres();
  const ocf = (agent: string, parameters: object): object => ({
    type: 'ocf',
    settings: { agent, parameters },
  });
  return {
    ip: ocf('IPaddr2', { ip: '10.77.0.50', cidr_netmask: 24, nic: 'eth0' }),
    fs: ocf('Filesystem', { device, directory: '/srv/pg', fstype: 'ext4' }),
    pg: {
      needs: ['fs', 'ip'],
      ...ocf('pgsql', {
        pgctl: `${bin}/pg_ctl`,
        psql: `${bin}/psql`,
        pgdata: dataDirectory,
        socketdir: '/run/postgresql',
        logfile: `${dataDirectory}/agent.log`,
      }),
    },
  };
}

function spansOf(turns: readonly Spans[], what: keyof Spans): number[] {
  return turns.map((spans) => spans[what]);
}

function must<Value>(answer: Answer<Value>): Value {
  if (answer.ok) return answer.value;
  throw new Error(JSON.stringify(answer.trouble.problems));
}
