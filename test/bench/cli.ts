import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@holdfast/client';
import { run, start } from '@holdfast/kit';
import { must } from './faults.ts';
import { type Benchmark, inTurns, type Line } from './measure.ts';
import { withPacemaker } from './peers/pacemaker.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(repository, 'packages/cli/bin');
const bareNode = [join(repository, 'node_modules/.bin/node'), '-e', '0'] as const;

/**
 * From the key to the answer. The limit is the start of the bare runtime: aims are 2.5 times that for `lcdstatus -q`
 * and 4 times for a `perform_action` that has nothing to do. `crm_mon -1` of Pacemaker, a program in C, is held against
 * the same start, in its own lab.
 */
export const cli: Benchmark = {
  name: 'cli',
  peers: ['pacemaker'],
  measures:
    'whole commands, against an agent with 50 resources in service, beside the start of the bare runtime',
  async *run({ runs }) {
    const root = await mkdtemp(join(tmpdir(), 'holdfast-cli-bench-'));
    try {
      const stop = await startAgent(root);
      for (const line of lines) {
        yield await inTurns({
          name: line.join(' '),
          runs,
          against: 'node -e 0',
          it: () => call(root, line),
          limit: () => carryOut(bareNode, {}),
        });
      }
      await stop();
      yield* crmMon(runs);
    } finally {
      await rm(root, { recursive: true });
    }
  },
};

/** What an operator of Pacemaker types instead of `lcdstatus`, in a cluster of one node with four resources. */
async function* crmMon(runs: number): AsyncGenerator<Line> {
  const name = 'crm_mon -1';
  const measured = await withPacemaker(({ node }) =>
    inTurns({
      name,
      runs,
      against: 'node -e 0',
      it: () => must(node.run(['crm_mon', '-1'], { budgetMs: 20_000 })),
      // The way into the node is a part of both.
      limit: () => must(node.run(bareNode, { budgetMs: 20_000 })),
    }),
  );
  yield measured.ok ? measured.value : { name, missing: measured.why };
}

const lines = [
  ['lcdstatus', '-q'],
  ['holdfast', 'status'],
  ['holdfast', 'status', '--json'],
  ['perform_action', '-t', 'quiet-0', '-a', 'restore'],
  ['holdfast', 'completion', '--names', 'tag'],
] as const;

function call(root: string, [command, ...args]: readonly [string, ...string[]]): Promise<void> {
  return carryOut([join(bin, command), ...args], { HOLDFAST_ROOT: root });
}

async function carryOut(argv: readonly [string, ...string[]], env: Record<string, string>): Promise<void> {
  await must(run(argv, { budgetMs: 20_000, env }));
}

async function startAgent(root: string): Promise<() => Promise<void>> {
  await mkdir(join(root, 'etc/holdfast'), { recursive: true });
  const settings = { node: 'alpha', kits: [join(repository, 'test/bench/kits/quiet')] };
  await writeFile(join(root, 'etc/holdfast/agent.yaml'), JSON.stringify(settings));
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const agent = start([join(bin, 'holdfast'), 'agent'], {
    env: { HOLDFAST_ROOT: root },
    onOutput: (text) => {
      if (text.includes('"ready"')) resolve();
    },
  });
  await Promise.race([ready, agent.ended]);
  const client = connect({ socketPath: join(root, 'run/holdfast/agent.sock') });
  const tags = Array.from({ length: 50 }, (_, n) => `quiet-${n}`);
  const resources = Object.fromEntries(tags.map((tag) => [tag, { type: 'quiet', settings: { name: tag } }]));
  await client.apply({ document: { nodes: ['alpha'], resources }, by: 'benchmark' });
  for (const tag of tags) await client.command({ action: 'restore', tag, by: 'benchmark' });
  return async () => {
    agent.kill('SIGTERM');
    await agent.ended;
  };
}
