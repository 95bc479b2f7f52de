import assert from 'node:assert/strict';
import { waitUntil } from '@holdfast/kit';
import type { Fault } from '@holdfast/lab';
import { type Bench, v4, v6 } from '../bench.ts';
import { expectAnswer } from './expect.ts';
import { type Settings, serve } from './serve.ts';

async function vanishes(bench: Bench, settings: Settings) {
  const { alpha, servedAfterMs } = bench;
  await serve(bench, settings);
  const since = performance.now();
  await alpha.do('ip', 'addr', 'del', settings.address, 'dev', 'eth0');
  const [healthyMs, seen] = await Promise.all([
    servedAfterMs(settings, alpha, since),
    (async () => {
      const found = expectAnswer(await alpha.act('quickCheck', settings), 'out-of-service');
      const begunAt = performance.now();
      const done = expectAnswer(await alpha.act('recover', settings), 'done', 'a moment ago');
      return `${found}; ${done}; recover took ${Math.round(performance.now() - begunAt)} ms`;
    })(),
  ]);
  // The duplicate question takes 300 ms or more; who waits for it is not back so soon.
  assert(healthyMs < 400, `back after ${healthyMs} ms: ${seen}`);
  return { seen, healthyMs };
}

export const vanished: readonly Fault<Bench>[] = [
  {
    name: 'address vanished',
    expected: 'added again at once, with ARP; other hosts are asked afterwards',
    run: (bench) => vanishes(bench, v4),
  },
  {
    name: 'address vanished (IPv6)',
    expected: 'added again and used at once, while the kernel asks other hosts',
    run: (bench) => vanishes(bench, v6),
  },
  {
    name: 'address vanished, and another host took it in that moment',
    expected:
      'added at once; the question afterwards names the other host: a warning, and a condition at the next check',
    run: async (bench) => {
      const { alpha, beta } = bench;
      await serve(bench, v4);
      await beta.do('ip', 'addr', 'add', '10.77.0.50/32', 'dev', 'eth0');
      await alpha.do('ip', 'addr', 'del', v4.address, 'dev', 'eth0');
      expectAnswer(await alpha.act('recover', v4), 'done', 'a moment ago');
      const warned = await waitUntil(async () => (await alpha.warnings())[0], { withinMs: 3_000 });
      const who = await beta.hardwareAddress();
      assert(warned?.toLowerCase().includes(who), `warned: ${warned}`);
      const check = await alpha.act('quickCheck', v4);
      expectAnswer(check, 'in-service');
      assert.equal(check.conditions?.[0]?.code, 'address-duplicate');
      assert.match(expectAnswer(await alpha.act('deepCheck', v4), 'degraded'), /is taken/);
      await beta.do('ip', 'addr', 'del', '10.77.0.50/32', 'dev', 'eth0');
      const after = await alpha.act('deepCheck', v4);
      expectAnswer(after, 'in-service', 'no other host answers');
      assert.deepEqual(after.conditions, []);
      return {
        seen: `warned: ${warned}; condition ${check.conditions?.[0]?.code}, gone when that host gave it up`,
      };
    },
  },
  {
    name: 'address vanished, and another host took it in that moment (IPv6)',
    expected:
      'the kernel stops using it; the next check has failed, and recover refuses and names the other host',
    run: async (bench) => {
      const { alpha, beta } = bench;
      await serve(bench, v6);
      await alpha.do('ip', 'addr', 'del', v6.address, 'dev', 'eth0');
      await beta.do('ip', '-6', 'addr', 'add', 'fd00:77::50/128', 'dev', 'eth0', 'nodad');
      expectAnswer(await alpha.act('recover', v6), 'done', 'a moment ago');
      const check = await waitUntil(
        async () => {
          const now = await alpha.act('quickCheck', v6);
          return now.finding === 'failed' ? now : undefined;
        },
        { withinMs: 4_000 },
      );
      assert(check !== undefined, 'the kernel went on using it');
      const refused = await alpha.act('recover', v6);
      const seen = expectAnswer(refused, 'failed', await beta.hardwareAddress());
      assert(!(await alpha.addresses()).includes(v6.address));
      return { seen: `${expectAnswer(check, 'failed', 'taken')}; ${seen}` };
    },
  },
  {
    name: 'primary address removed',
    expected: 'the others of the subnet stay when ours goes; ours is added again when it goes with another',
    run: async ({ alpha, servedAfterMs }) => {
      await alpha.do('ip', 'addr', 'flush', 'dev', 'eth0', 'scope', 'global');
      expectAnswer(await alpha.act('restore', v4), 'done');
      await alpha.do('ip', 'addr', 'add', '10.77.0.11/24', 'dev', 'eth0');
      await alpha.do('ip', 'addr', 'add', '10.77.0.60/24', 'dev', 'eth0');
      const promotes = 'net/ipv4/conf/eth0/promote_secondaries';
      assert.equal((await alpha.do('sysctl', '-n', promotes)).trim(), '0');
      const removed = expectAnswer(await alpha.act('remove', v4), 'done');
      assert.deepEqual(await alpha.addresses(), ['10.77.0.11/24', '10.77.0.60/24']);
      assert.equal((await alpha.do('sysctl', '-n', promotes)).trim(), '0');

      expectAnswer(await alpha.act('restore', v4), 'done');
      await servedAfterMs(v4, alpha);
      const since = performance.now();
      await alpha.do('ip', 'addr', 'del', '10.77.0.11/24', 'dev', 'eth0');
      assert.deepEqual(await alpha.addresses(), []);
      const again = expectAnswer(await alpha.act('recover', v4), 'done', 'added');
      return {
        seen: `${removed}, others stayed; ${again}`,
        healthyMs: await servedAfterMs(v4, alpha, since),
      };
    },
  },
];
