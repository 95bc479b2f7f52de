import { join } from 'node:path';
import {
  type Lab,
  type LabAgent,
  type LabEtcd,
  type LabNode,
  openLab,
  startAgent,
  startEtcd,
} from '@holdfast/lab';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/*
 * A cluster seen and steered from any of its nodes, over real connections with certificates: two nodes with two ways to
 * each other, and a third that only votes. The tests tell one story: each begins where the one before it ended.
 */

const long = process.env.HOLDFAST_LONG === '1' ? test : test.skip;
const budget = { budgetMs: 20_000 };
const addresses = { alpha: '10.77.0.2', beta: '10.77.0.3', voter: '10.77.0.4' } as const;
const second = { alpha: '10.78.0.2', beta: '10.78.0.3' } as const;
type Name = keyof typeof second;

let lab: Lab;
let etcd: LabEtcd;
const nodes = {} as Record<Name, LabNode>;
const agents = {} as Record<Name, LabAgent>;

beforeAll(async () => {
  lab = await openLab();
  const [alpha, beta, voter] = await Promise.all(
    (['alpha', 'beta', 'voter'] as const).map((name) => lab.addNode({ name, address: addresses[name] })),
  );
  Object.assign(nodes, { alpha, beta });
  for (const name of ['alpha', 'beta'] as const)
    await nodes[name].run(['ip', 'address', 'add', `${second[name]}/24`, 'dev', 'eth0'], budget);
  etcd = await startEtcd(lab, {
    on: [alpha!, beta!, voter!],
    heartbeatMs: 20,
    electionMs: 200,
    tls: true,
    args: ['--pre-vote=true'],
  });
  await Promise.all((['alpha', 'beta'] as const).map(start));
  const document = {
    nodes: ['alpha', 'beta'],
    policy: { quickCheck: { every: '300ms' } },
    resources: { ip: { type: 'ip', settings: { address: '10.77.0.50/24', device: 'eth0' } } },
  };
  await nodes.alpha.writeFile('/root/hierarchy.yaml', JSON.stringify(document));
  await must('alpha', 'holdfast', 'apply', '/root/hierarchy.yaml');
  await must('alpha', 'perform_action', '-t', 'ip', '-a', 'restore');
}, 60_000);
afterAll(() => lab?.close());

function configOf(name: Name) {
  const { ca, cert, key } = etcd.tls!;
  const { folder } = etcd.tls!;
  return {
    kits: ['@holdfast/kit-ip'],
    store: {
      kind: 'etcd',
      endpoints: etcd.endpoints,
      tls: { ca, cert, key },
      preset: 'fast',
      times: { right: '3s', drop: '2s', margin: '750ms' },
      operationsMax: 8192,
      nodeDown: ['kill', '-USR1', '1'],
    },
    api: {
      listen: [`${addresses[name]}:7700`, `${second[name]}:7700`],
      tls: { ca, cert: `${folder}/${name}.pem`, key: `${folder}/${name}-key.pem` },
    },
    peers: {
      alpha: [`${addresses.alpha}:7700`, `${second.alpha}:7700`],
      beta: [`${addresses.beta}:7700`, `${second.beta}:7700`],
    },
  };
}

async function start(name: Name): Promise<void> {
  agents[name] = await startAgent(nodes[name], { config: configOf(name), readyWithinMs: 30_000 });
}

const call = (on: Name, ...argv: [string, ...string[]]) => nodes[on].run(argv, budget);

async function must(on: Name, ...argv: [string, ...string[]]): Promise<string> {
  const { ok, says, stdout, stderr } = await call(on, ...argv);
  if (!ok)
    throw new Error(
      `${on}: ${argv.join(' ')}: ${says}\n${stdout}${stderr}\n${agents[on].log().slice(-4_000)}`,
    );
  return stdout;
}

/** Calls again until what it prints is as wanted, within a bound. */
async function until(on: Name, argv: [string, ...string[]], wanted: RegExp): Promise<string> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const { stdout, stderr } = await call(on, ...argv);
    if (wanted.test(stdout)) return stdout;
    if (performance.now() > deadline) throw new Error(`${on}: ${argv.join(' ')} stays\n${stdout}${stderr}`);
  }
}

test('each node shows and lists the other as that one itself does', async () => {
  await until(
    'alpha',
    ['net_list', '-f:'],
    /^beta:10\.77\.0\.2\/10\.77\.0\.3:TCP:ALIVE:1\nbeta:10\.78.*:ALIVE:2$/m,
  );
  await until('beta', ['net_list', '-f:'], /^alpha:.*:ALIVE:1\nalpha:.*:ALIVE:2$/m);
  expect(await must('alpha', 'lcdstatus', '-q', '-d', 'beta')).toMatch(/^beta +ip +IP-10.77.0.50 +OSU/m);
  expect(await must('beta', 'lcdstatus', '-q', '-d', 'alpha')).toMatch(/^alpha +ip +IP-10.77.0.50 +ISP/m);
  expect(await must('beta', 'ins_list', '-f:', '-d', 'alpha')).toMatch(/^alpha:comm:ip:ip:.*:ISP:/);
  const status = await must('alpha', 'holdfast', 'status');
  expect(status).toContain('etcd: 3 of 3 members answer');
  expect(status).toMatch(/^ +alpha +beta$/m);
  expect(status).toMatch(/^ +ip +ISP +OSU /m);
}, 30_000);

test('what is commanded by way of another node names where it came from, and is followed to its end', async () => {
  const moved = await must('alpha', 'perform_action', '-d', 'beta', '-t', 'ip', '-a', 'restore');
  expect(moved).toContain('restore');
  expect(await must('beta', 'lcdstatus', '-q')).toMatch(/^beta +ip +\S+ +ISP/m);
  expect(await must('alpha', 'holdfast', 'history', '-d', 'beta')).toMatch(/restore of ip by .* at alpha/);
}, 30_000);

test('a way that is cut is shown as dead while the other one goes on', async () => {
  await must('beta', 'ip', 'address', 'del', `${second.beta}/24`, 'dev', 'eth0');
  try {
    await until('alpha', ['net_list', '-f:'], /^beta:.*:ALIVE:1\nbeta:.*:DEAD:2$/m);
    expect(await must('alpha', 'holdfast', 'export', '-d', 'beta')).toContain('10.77.0.50');
  } finally {
    await must('beta', 'ip', 'address', 'add', `${second.beta}/24`, 'dev', 'eth0');
  }
}, 30_000);

long(
  'without etcd each node tells what was last known, how long ago, and what the others answer',
  async () => {
    await Promise.all(etcd.members.map((member) => member.kill()));
    await Promise.all((['alpha', 'beta'] as const).map((name) => agents[name].ended));
    const programs = (['alpha', 'beta'] as const).map((name) =>
      nodes[name].start([join(import.meta.dirname, '../../../packages/cli/bin/holdfast'), 'agent']),
    );
    try {
      const status = await until(
        'alpha',
        ['holdfast', 'status'],
        /node beta: UNKNOWN.*its agent \S+ answers: starting/s,
      );
      expect(status).toContain('etcd: 0 of 3 members answer, none leads');
      expect(status).toMatch(/no quorum/);
      const { exitCode, stderr } = await call('alpha', 'lcdstatus', '-q', '-d', 'beta');
      expect({ exitCode, stderr: stderr.replaceAll(/\s+/g, ' ') }).toEqual({
        exitCode: 4,
        stderr: expect.stringMatching(/^beta: the store does not answer.* The states are as of \d+/),
      });
      const refused = await call('alpha', 'perform_action', '-t', 'ip', '-a', 'restore');
      expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('has not begun to act') });
    } finally {
      for (const program of programs) program.kill('SIGTERM');
      await Promise.all(programs.map(({ ended }) => ended));
    }
  },
  40_000,
);
