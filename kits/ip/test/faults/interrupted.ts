import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '@holdfast/kit';
import type { Fault } from '@holdfast/lab';
import { type Bench, must, v4, v6 } from '../bench.ts';
import { expectAnswer } from './expect.ts';

const holdfast = fileURLToPath(new URL('../../../../packages/cli/bin/holdfast', import.meta.url));

export const interrupted: readonly Fault<Bench>[] = [
  {
    name: 'restore killed half-way (IPv6)',
    expected: 'remove takes away what the kernel would go on to use; a restore after it succeeds',
    run: async ({ alpha, servedAfterMs }) => {
      const words = ['kit', 'run', 'ip', 'restore', '--settings', '-'] as const;
      const restoring = alpha.node.start([holdfast, ...words], { input: JSON.stringify(v6) });
      const isThere = async () => ((await alpha.addresses()).includes(v6.address) ? true : undefined);
      assert(await waitUntil(isThere, { withinMs: 5_000 }), 'it was not added');
      restoring.kill('SIGKILL');
      await restoring.ended;
      const seen = expectAnswer(await alpha.act('remove', v6), 'done', 'taken from eth0');
      assert(!(await alpha.addresses()).includes(v6.address));
      const since = performance.now();
      expectAnswer(await alpha.act('restore', v6), 'done', 'no other host answers');
      return { seen: `remove ${seen}`, healthyMs: await servedAfterMs(v6, alpha, since) };
    },
  },
  {
    name: 'already stopped',
    expected: 'remove is done, twice, and the check says out of service',
    run: async ({ alpha }) => {
      expectAnswer(await alpha.act('restore', v4), 'done');
      expectAnswer(await alpha.act('remove', v4), 'done', 'taken from eth0');
      const again = expectAnswer(await alpha.act('remove', v4), 'done', 'not on this node');
      expectAnswer(await alpha.act('quickCheck', v4), 'out-of-service');
      return { seen: again };
    },
  },
  {
    name: 'agent gone: the address is dropped by the quick way out',
    expected: 'gone within a second, by programs alone; every other address stays',
    run: async ({ alpha }) => {
      await alpha.do('ip', 'addr', 'flush', 'dev', 'eth0', 'scope', 'global');
      expectAnswer(await alpha.act('restore', v4), 'done');
      await alpha.do('ip', 'addr', 'add', '10.77.0.11/24', 'dev', 'eth0');
      type Steps = readonly { argv: [string, ...string[]]; budgetMs: number }[];
      const steps = await alpha.act<Steps>('abort', v4);
      assert(steps.reduce((sum, { budgetMs }) => sum + budgetMs, 0) <= 1_000);
      const begunAt = performance.now();
      for (const { argv } of steps) await must(alpha.node, ...argv);
      const tookMs = Math.round(performance.now() - begunAt);
      assert.deepEqual(await alpha.addresses(), ['10.77.0.11/24']);
      assert(tookMs < 1_000);
      return { seen: `${steps.map(({ argv }) => argv.join(' ')).join('; ')}: gone after ${tookMs} ms` };
    },
  },
];
