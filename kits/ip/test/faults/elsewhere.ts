import assert from 'node:assert/strict';
import { waitUntil } from '@holdfast/kit';
import type { Fault } from '@holdfast/lab';
import { type Bench, must, v4, v6 } from '../bench.ts';
import { expectAnswer } from './expect.ts';
import { inBothFamilies } from './inBothFamilies.ts';
import { type Settings, serve } from './serve.ts';

/** Put there by hand, it is neither taken over nor taken away. */
async function isLeftAlone({ alpha }: Bench, given: { words: string[]; says: string; device?: string }) {
  await alpha.do('ip', 'addr', 'add', ...given.words);
  const seen = expectAnswer(await alpha.act('restore', v4), 'failed', given.says);
  expectAnswer(await alpha.act('quickCheck', v4), 'failed', given.says);
  expectAnswer(await alpha.act('remove', v4), 'failed', given.says);
  assert((await alpha.addresses(given.device)).includes(given.words[0]!));
  return { seen };
}

async function learns({ lab, alpha, beta, servedAfterMs }: Bench, settings: Settings) {
  const host = settings.address.split('/')[0]!;
  const knows = async (mac: string) =>
    (await must(lab.client, 'ip', 'neigh', 'show', host)).includes(mac) ? true : undefined;
  expectAnswer(await beta.act('restore', settings), 'done');
  await servedAfterMs(settings, beta);
  assert(await knows(await beta.hardwareAddress()), 'the client does not know the first node');
  expectAnswer(await beta.act('remove', settings), 'done');
  expectAnswer(await alpha.act('restore', settings), 'done');
  const since = performance.now();
  // Before the client asks anybody: it was told.
  const told = await waitUntil(async () => knows(await alpha.hardwareAddress()), { withinMs: 2_500 });
  assert(told, await must(lab.client, 'ip', 'neigh', 'show', host));
  const toldAfterMs = performance.now() - since;
  return {
    seen: `the client knows the new hardware address ${Math.round(toldAfterMs)} ms after the restore`,
    healthyMs: await servedAfterMs(settings, alpha, since),
  };
}

/** The client forgets what it was told, as if the packet had been lost, and is told again. */
async function toldAgain(bench: Bench, settings: Settings) {
  const { lab, alpha } = bench;
  const host = settings.address.split('/')[0]!;
  const wrong = '02:00:00:00:00:99';
  await serve(bench, settings);
  const believeWrong = ['ip', 'neigh', 'replace', host, 'lladdr', wrong, 'dev', 'lan'] as const;
  const isTold = async () =>
    (await must(lab.client, 'ip', 'neigh', 'show', host)).includes(wrong) ? undefined : true;
  await must(lab.client, ...believeWrong, 'nud', 'stale');
  const since = performance.now();
  assert(await waitUntil(isTold, { withinMs: 2_500 }), 'not told again');
  const secondMs = Math.round(performance.now() - since);
  // Long after: the announcements of the restore are over, and the deep check tells once more.
  await alpha.forget();
  await must(lab.client, ...believeWrong, 'nud', 'stale');
  expectAnswer(await alpha.act('deepCheck', settings), 'in-service', 'told again');
  assert(await waitUntil(isTold, { withinMs: 2_500 }), 'not told by the deep check');
  return { seen: `told again ${secondMs} ms later, and by the deep check` };
}

export const elsewhere: readonly Fault<Bench>[] = [
  {
    name: 'wrong prefix',
    expected: 'a conflict: neither taken over nor taken away',
    run: (bench) => isLeftAlone(bench, { words: ['10.77.0.50/32', 'dev', 'eth0'], says: 'prefix length 32' }),
  },
  {
    name: 'wrong device',
    expected: 'a conflict: neither taken over nor taken away',
    run: (bench) =>
      isLeftAlone(bench, { words: ['10.77.0.50/24', 'dev', 'lo'], says: 'on lo', device: 'lo' }),
  },
  {
    name: 'wrong label',
    expected: 'a condition at the check; the next restore gives it its label',
    run: async ({ alpha, servedAfterMs }) => {
      const labelled = { ...v4, label: 'vip' };
      await alpha.do('ip', 'addr', 'add', v4.address, 'dev', 'eth0', 'label', 'eth0:other');
      const check = await alpha.act('quickCheck', labelled);
      expectAnswer(check, 'in-service');
      assert.equal(check.conditions?.[0]?.code, 'label-differs');
      const since = performance.now();
      const seen = expectAnswer(await alpha.act('restore', labelled), 'done', 'eth0:vip now');
      assert.match(await alpha.do('ip', 'addr', 'show', 'label', 'eth0:vip'), /10\.77\.0\.50/);
      assert.deepEqual((await alpha.act('quickCheck', labelled)).conditions, []);
      const healthyMs = await servedAfterMs(v4, alpha, since);
      expectAnswer(await alpha.act('remove', labelled), 'done');
      return { seen, healthyMs };
    },
  },
  {
    name: 'address in use elsewhere',
    expected: 'refused, and the hardware address of the other host is named',
    run: async ({ alpha, beta }) => {
      await beta.do('ip', 'addr', 'add', '10.77.0.50/32', 'dev', 'eth0');
      const refused = await alpha.act('restore', v4);
      const seen = expectAnswer(
        { ...refused, evidence: refused.evidence.toLowerCase() },
        'failed',
        await beta.hardwareAddress(),
      );
      expectAnswer(await alpha.act('quickCheck', v4), 'out-of-service');
      return { seen };
    },
  },
  {
    name: 'address in use elsewhere (IPv6: dadfailed)',
    expected: 'refused, taken away again, and the hardware address of the other host is named',
    run: async ({ alpha, beta }) => {
      await beta.do('ip', '-6', 'addr', 'add', 'fd00:77::50/128', 'dev', 'eth0', 'nodad');
      const seen = expectAnswer(await alpha.act('restore', v6), 'failed', await beta.hardwareAddress());
      assert(!(await alpha.addresses()).includes(v6.address));
      expectAnswer(await alpha.act('quickCheck', v6), 'out-of-service');
      return { seen };
    },
  },
  ...inBothFamilies({
    name: 'neighbours keep the old hardware address',
    expected: 'they are told at once, without asking',
    run: learns,
  }),
  ...inBothFamilies({
    name: 'neighbours missed the first announcement',
    expected: 'they are told again soon after, and at each deep check',
    run: toldAgain,
  }),
];
