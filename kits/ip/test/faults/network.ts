import assert from 'node:assert/strict';
import { waitUntil } from '@holdfast/kit';
import type { Fault } from '@holdfast/lab';
import { type Bench, type KitNode, must, v4, v6 } from '../bench.ts';
import { expectAnswer } from './expect.ts';

const pingTargets = ['10.77.0.1', '10.77.0.12'];
const twoDevices = { address: v4.address, devices: ['eth0', 'eth1'] };

/** Else the second device answers for the address too, and what is silent on the first arrives there. */
async function answerOnlyWhereItIs(alpha: KitNode): Promise<void> {
  await alpha.do('sysctl', '-qw', 'net/ipv4/conf/all/arp_ignore=1');
}

/** Everything that arrives is dropped, and the link stays up. */
async function silence(alpha: KitNode): Promise<void> {
  await alpha.do('nft', 'add', 'table', 'netdev', 'silence');
  const rule = '{ type filter hook ingress device eth0 priority 0; policy drop; }';
  await alpha.do('nft', `add chain netdev silence everything ${rule}`);
}

/** The kernel says that the carrier is back up to a second after it is, and then tells those who watch. */
async function becomesServing(alpha: KitNode, settings: object): Promise<string> {
  const found = await waitUntil(
    async () => {
      const check = await alpha.act('quickCheck', settings);
      return check.finding === 'in-service' ? check : undefined;
    },
    { withinMs: 4_000 },
  );
  assert(found !== undefined, 'the check does not find it in service again');
  return expectAnswer(found, 'in-service');
}

export const network: readonly Fault<Bench>[] = [
  {
    name: 'link down',
    expected: 'failed, and not repaired in place; the link is left down, so that the hierarchy moves',
    run: async ({ alpha }) => {
      expectAnswer(await alpha.act('restore', v4), 'done');
      await alpha.do('ip', 'link', 'set', 'eth0', 'down');
      const found = expectAnswer(await alpha.act('quickCheck', v4), 'failed', 'eth0 is down');
      const seen = expectAnswer(await alpha.act('recover', v4), 'failed', 'eth0 is down');
      expectAnswer(await alpha.act('remove', v4), 'done');
      assert(!(await alpha.do('ip', '-json', 'link', 'show', 'eth0')).includes('"UP"'));
      return { seen: `${found}; ${seen}` };
    },
  },
  {
    name: 'no carrier',
    expected: 'failed, and not repaired in place; after it came back, in service as it is',
    run: async ({ lab, alpha, servedAfterMs }) => {
      expectAnswer(await alpha.act('restore', v4), 'done');
      const cable = `port-${alpha.node.pid}`;
      await must(lab.client, 'ip', 'link', 'set', cable, 'down');
      const found = expectAnswer(await alpha.act('quickCheck', v4), 'failed', 'eth0 has no carrier');
      const seen = expectAnswer(await alpha.act('recover', v4), 'failed', 'eth0 has no carrier');
      const since = performance.now();
      await must(lab.client, 'ip', 'link', 'set', cable, 'up');
      const healthyMs = await servedAfterMs(v4, alpha, since);
      await becomesServing(alpha, v4);
      return { seen: `${found}; ${seen}; in service when it came back`, healthyMs };
    },
  },
  {
    name: 'link down, and there is another device',
    expected: 'recover moves to the next device of the list, and asks for duplicates there first',
    run: async ({ alpha, servedAfterMs }) => {
      expectAnswer(await alpha.act('restore', twoDevices), 'done', 'added to eth0');
      await servedAfterMs(v4, alpha);
      const since = performance.now();
      await alpha.do('ip', 'link', 'set', 'eth0', 'down');
      expectAnswer(await alpha.act('quickCheck', twoDevices), 'failed', 'eth0 is down');
      const seen = expectAnswer(await alpha.act('recover', twoDevices), 'done', 'added to eth1');
      const healthyMs = await servedAfterMs(v4, alpha, since);
      expectAnswer(await alpha.act('quickCheck', twoDevices), 'in-service', 'on eth1');
      assert.deepEqual(await alpha.addresses('eth0'), ['10.77.0.11/24']);
      expectAnswer(await alpha.act('remove', twoDevices), 'done', 'taken from eth1');
      return { seen, healthyMs };
    },
  },
  {
    name: 'no carrier, and there is another device',
    expected: 'recover moves to the next device of the list, and asks for duplicates there first',
    run: async ({ lab, alpha, servedAfterMs }) => {
      // As the preflight advises: a dead device must not keep its routes.
      await alpha.do('sysctl', '-qw', 'net/ipv4/conf/eth0/ignore_routes_with_linkdown=1');
      expectAnswer(await alpha.act('restore', twoDevices), 'done', 'added to eth0');
      await servedAfterMs(v4, alpha);
      const since = performance.now();
      await must(lab.client, 'ip', 'link', 'set', `port-${alpha.node.pid}`, 'down');
      expectAnswer(await alpha.act('quickCheck', twoDevices), 'failed', 'eth0 has no carrier');
      const seen = expectAnswer(await alpha.act('recover', twoDevices), 'done', 'added to eth1');
      const healthyMs = await servedAfterMs(v4, alpha, since);
      return { seen, healthyMs };
    },
  },
  {
    name: 'device missing',
    expected: 'restore has failed and names those that are there; remove is done',
    run: async ({ alpha }) => {
      const missing = { ...v4, device: 'eth7' };
      const restored = await alpha.act('restore', missing);
      const seen = expectAnswer(restored, 'failed', 'there is no device eth7');
      assert(restored.todo?.includes('eth0'), restored.todo);
      expectAnswer(await alpha.act('quickCheck', missing), 'out-of-service', 'no device eth7');
      expectAnswer(await alpha.act('remove', missing), 'done');
      return { seen };
    },
  },
  {
    name: 'device taken out while in service',
    expected: 'out of service; remove is done; with a second device in the list, recover goes there',
    run: async ({ alpha, servedAfterMs }) => {
      await alpha.do('ip', 'link', 'add', 'eth9', 'type', 'veth', 'peer', 'name', 'eth9-end');
      await alpha.do('ip', 'link', 'set', 'eth9', 'up');
      await alpha.do('ip', 'link', 'set', 'eth9-end', 'up');
      const settings = { address: v4.address, devices: ['eth9', 'eth0'] };
      expectAnswer(await alpha.act('restore', settings), 'done', 'added to eth9');
      const since = performance.now();
      await alpha.do('ip', 'link', 'del', 'eth9');
      expectAnswer(await alpha.act('quickCheck', settings), 'out-of-service');
      expectAnswer(await alpha.act('remove', { ...v4, device: 'eth9' }), 'done', 'no device eth9');
      const seen = expectAnswer(await alpha.act('recover', settings), 'done', 'added to eth0');
      return { seen, healthyMs: await servedAfterMs(v4, alpha, since) };
    },
  },
  {
    name: 'silent network',
    expected: 'failed only when none of the targets answers; link and address alone would not show it',
    run: async ({ alpha, servedAfterMs }) => {
      const settings = { ...v4, pingTargets };
      await answerOnlyWhereItIs(alpha);
      expectAnswer(await alpha.act('restore', settings), 'done');
      expectAnswer(await alpha.act('quickCheck', settings), 'in-service', 'answers');
      await silence(alpha);
      expectAnswer(await alpha.act('quickCheck', v4), 'in-service');
      const found = expectAnswer(
        await alpha.act('quickCheck', settings),
        'failed',
        'none of 10.77.0.1, 10.77.0.12',
      );
      expectAnswer(await alpha.act('recover', settings), 'failed', 'none of');
      const since = performance.now();
      await alpha.do('nft', 'flush', 'ruleset');
      expectAnswer(await alpha.act('quickCheck', settings), 'in-service');
      return { seen: found, healthyMs: await servedAfterMs(v4, alpha, since) };
    },
  },
  {
    name: 'silent network on one of two devices',
    expected: 'recover moves to the device on which a target answers',
    run: async ({ alpha, servedAfterMs }) => {
      const settings = { ...twoDevices, pingTargets };
      await answerOnlyWhereItIs(alpha);
      expectAnswer(await alpha.act('restore', settings), 'done', 'added to eth0');
      await servedAfterMs(v4, alpha);
      // With its own address on eth0 the node would go on sending there, whatever device it is asked on.
      await alpha.do('ip', 'addr', 'del', '10.77.0.11/24', 'dev', 'eth0');
      expectAnswer(await alpha.act('recover', settings), 'done');
      const since = performance.now();
      await silence(alpha);
      expectAnswer(await alpha.act('quickCheck', settings), 'failed', 'none of');
      const seen = expectAnswer(await alpha.act('recover', settings), 'done', 'added to eth1');
      return { seen, healthyMs: await servedAfterMs(v4, alpha, since) };
    },
  },
  {
    name: 'one of the ping targets is dead',
    expected: 'in service: the other one answers',
    run: async ({ alpha }) => {
      const settings = { ...v4, pingTargets: ['10.77.0.99', '10.77.0.1'] };
      const restored = expectAnswer(await alpha.act('restore', settings), 'done');
      const seen = expectAnswer(await alpha.act('quickCheck', settings), 'in-service', '10.77.0.1 answers');
      return { seen: `${restored}; ${seen}` };
    },
  },
  {
    name: 'address lost after the link flapped (IPv6)',
    expected: 'out of service; recover adds it again, and waits until the kernel has asked for it',
    run: async ({ alpha, servedAfterMs }) => {
      expectAnswer(await alpha.act('restore', v6), 'done');
      await servedAfterMs(v6, alpha);
      const since = performance.now();
      await alpha.do('ip', 'link', 'set', 'eth0', 'down');
      await alpha.do('ip', 'link', 'set', 'eth0', 'up');
      expectAnswer(await alpha.act('quickCheck', v6), 'out-of-service');
      const seen = expectAnswer(await alpha.act('recover', v6), 'done', 'no other host answers');
      return { seen, healthyMs: await servedAfterMs(v6, alpha, since) };
    },
  },
  {
    name: 'link flapped where the kernel keeps addresses (IPv6)',
    expected: 'the kernel asks for it anew; the check waits for that, and is in service without a repair',
    run: async ({ alpha, servedAfterMs }) => {
      await alpha.do('sysctl', '-qw', 'net/ipv6/conf/eth0/keep_addr_on_down=1');
      expectAnswer(await alpha.act('restore', v6), 'done');
      const since = performance.now();
      await alpha.do('ip', 'link', 'set', 'eth0', 'down');
      expectAnswer(await alpha.act('quickCheck', v6), 'failed', 'eth0 is down');
      await alpha.do('ip', 'link', 'set', 'eth0', 'up');
      assert.match(await alpha.do('ip', '-6', 'addr', 'show', 'to', 'fd00:77::50'), /tentative/);
      const [healthyMs, seen] = await Promise.all([
        servedAfterMs(v6, alpha, since),
        becomesServing(alpha, v6),
      ]);
      return { seen, healthyMs };
    },
  },
  {
    name: 'route missing',
    expected: 'not this kit’s to mend: seen when targets are set, and no address is touched for it',
    run: async ({ alpha }) => {
      const settings = { ...v4, pingTargets };
      expectAnswer(await alpha.act('restore', settings), 'done');
      await alpha.do('ip', 'route', 'del', '10.77.0.0/24', 'dev', 'eth0');
      const before = await alpha.addresses();
      const seen = expectAnswer(await alpha.act('quickCheck', settings), 'failed', 'none of');
      expectAnswer(await alpha.act('recover', settings), 'failed', 'none of');
      assert.deepEqual(await alpha.addresses(), before);
      return { seen };
    },
  },
];
