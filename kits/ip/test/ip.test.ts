import { fileURLToPath } from 'node:url';
import { kitConformance } from '@holdfast/kit/conformance';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { kit } from '../src/index.ts';
import { type Bench, must, openBench, resetBench, v4, v6 } from './bench.ts';

const program = fileURLToPath(new URL('../../../packages/cli/bin/holdfast', import.meta.url));

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
  await resetBench(bench);
}, 30_000);
afterAll(() => bench?.lab.close());

kitConformance({
  kit: 'ip',
  host: () => bench.alpha.node,
  world: () => ({
    settings: { ...v4, duplicateCheckMs: 300 },
    serves: ['ip', 'route', 'get', '10.77.0.1', 'from', '10.77.0.50'],
    same: ['ip', '-json', 'addr', 'show', 'dev', 'eth0'],
    breakIt: ['ip', 'addr', 'del', v4.address, 'dev', 'eth0'],
    bystanders: [
      { name: "the node's own address", probe: ['ip', 'route', 'get', '10.77.0.1', 'from', '10.77.0.11'] },
      {
        name: "the node's own IPv6 address",
        probe: ['ip', '-6', 'addr', 'show', 'to', 'fd00:77::11', 'dev', 'eth0'],
      },
    ],
    wrongSettings: wrongSettings.map(([wrong]) => wrong),
  }),
  framework: { describe, beforeAll, test, expect },
});

/** Each with what a person must be able to read about it: the setting, what is allowed, an example. */
const wrongSettings: readonly (readonly [Record<string, unknown>, string, RegExp])[] = [
  [{ address: '10.77.0.50' }, 'address', /no prefix length; write 10\.77\.0\.50\/24/],
  [{ address: '10.77.0.50/33' }, 'address', /from 1 to 32; write 10\.77\.0\.50\/24/],
  [{ address: 'fd00::50/129' }, 'address', /from 1 to 128; write fd00::50\/64/],
  [{ address: 'vip' }, 'address', /not an address with a prefix length; write 10\.77\.0\.50\/24 or fd00/],
  [{ address: '127.0.0.5/8' }, 'address', /can not be an address of a host; write one such as/],
  [{ address: '10.77.0.255/24' }, 'address', /the broadcast address of its subnet/],
  [{ address: 'fe80::5/64' }, 'address', /one link only/],
  [{ device: 'eth0/..' }, 'device', /1 to 15 characters.*; write eth0/],
  [{ devices: ['eth0', 'eth1'] }, 'devices', /device or devices, not both/],
  [{ device: undefined, devices: ['eth0'] }, 'devices', /two or more.*; write \[eth0, eth1\]/],
  [{ device: undefined, devices: ['eth0', 'eth0'] }, 'devices', /named twice/],
  [{ label: 'a-long-label' }, 'label', /eth0:a-long-label has 17 characters, and the kernel takes 15/],
  [{ label: 'with space' }, 'label', /write vip/],
  [{ ...v6, label: 'vip' }, 'label', /IPv6 address can have no label/],
  [{ duplicateCheckMs: 10 }, 'duplicateCheckMs', /from 200 to 10000, or 0.*; write 300/],
  [{ duplicateCheckMs: '1s' }, 'duplicateCheckMs', /milliseconds from 200.*; write 300/],
  [{ address: null }, 'address', /write 10\.77\.0\.50\/24/],
  [{ pingTargets: '10.77.0.1' }, 'pingTargets', /list of two or more.*; write/],
  [
    { pingTargets: ['10.77.0.1'] },
    'pingTargets',
    /one target alone is no proof.*\[10\.77\.0\.1, 10\.77\.0\.2\]/,
  ],
  [{ pingTargets: ['10.77.0.1', '10.77.0.1'] }, 'pingTargets', /named twice/],
  [{ pingTargets: ['10.77.0.1', 'fd00:77::1'] }, 'pingTargets', /two families/],
  [{ pingTargets: ['10.77.0.1', '10.77.0.50'] }, 'pingTargets', /the address itself/],
  [{ pingTargets: ['router', '10.77.0.1'] }, 'pingTargets', /router is not an address; write/],
  [{ adress: '10.77.0.50/24' }, '', /adress/],
];

describe('settings', () => {
  test.each(wrongSettings)(
    '%j are refused, with the setting, what is allowed, and an example',
    (wrong, name, says) => {
      const read = kit.settings.safeParse({ ...v4, ...wrong });
      const issues = read.error?.issues.map(({ path, message }) => ({
        name: String(path[0] ?? ''),
        message,
      }));
      expect(issues).toEqual([{ name, message: expect.stringMatching(says) }]);
    },
  );

  test('an IPv6 address is one address in whatever way it is written', () => {
    const identity = (address: string) => kit.identity(kit.settings.parse({ address }));
    expect(identity('FD00:77:0::0050/64')).toBe('fd00:77::50');
    expect(identity('fd00:77::50/64')).toBe(identity('fd00:77:0:0:0:0:0:50/48'));
  });

  test('each has a description that says when a change takes effect', () => {
    const { shape } = kit.settings as unknown as { shape: Record<string, { description?: string }> };
    for (const [name, { description }] of Object.entries(shape))
      expect(`${name}: ${description}`).toMatch(/At (once|the next restore)/);
  });
});

describe('an address', () => {
  beforeEach(() => resetBench(bench));

  test('without a device goes where the route without a gateway leads', async () => {
    const { alpha } = bench;
    const settings = { address: v4.address };
    await alpha.do('ip', 'route', 'add', 'default', 'via', '10.77.0.1');
    expect(await alpha.act('restore', settings)).toMatchObject({ result: 'done' });
    expect(await alpha.addresses()).toContain('10.77.0.50/24');
    expect(await alpha.act('quickCheck', settings)).toMatchObject({ finding: 'in-service' });
    expect(await alpha.act('remove', settings)).toMatchObject({ result: 'done' });
    expect(await alpha.addresses()).not.toContain('10.77.0.50/24');
    const v6ByRoute = { address: v6.address };
    expect(await alpha.act('preflight', v6ByRoute)).toMatchObject({ ready: true });
    expect(await alpha.act('restore', { address: '192.0.2.5/24' })).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('no route to it without a gateway'),
      todo: expect.stringContaining('device: eth0'),
    });
  });

  test('with a list of devices goes to the first that has a carrier', async () => {
    const { alpha } = bench;
    const settings = { address: v4.address, devices: ['eth7', 'eth0', 'eth1'] };
    await alpha.do('ip', 'link', 'set', 'eth0', 'down');
    expect(await alpha.act('preflight', settings)).toMatchObject({ ready: true, rank: 80 });
    expect(await alpha.act('restore', settings)).toMatchObject({ result: 'done' });
    expect(await alpha.addresses('eth1')).toEqual(['10.77.0.50/24']);
    // The better one is back: what serves is not disturbed for it.
    await alpha.do('ip', 'link', 'set', 'eth0', 'up');
    expect(await alpha.act('restore', settings)).toMatchObject({
      evidence: '10.77.0.50/24 is on eth1 already',
    });
    expect(await alpha.act('remove', settings)).toMatchObject({ result: 'done' });
  });

  test('is not put back without asking when the link was down in between', async () => {
    const { alpha } = bench;
    await alpha.act('restore', v4);
    await alpha.do('ip', 'addr', 'del', v4.address, 'dev', 'eth0');
    await alpha.do('ip', 'link', 'set', 'eth0', 'down');
    await alpha.do('ip', 'link', 'set', 'eth0', 'up');
    expect(await alpha.act('recover', v4)).toMatchObject({
      result: 'done',
      evidence: expect.stringContaining('no other host answers'),
    });
  });

  test('is not put back without asking after it was removed', async () => {
    const { alpha, beta } = bench;
    await alpha.act('restore', v4);
    await alpha.act('remove', v4);
    await beta.do('ip', 'addr', 'add', '10.77.0.50/32', 'dev', 'eth0');
    expect(await alpha.act('recover', v4)).toMatchObject({ result: 'failed' });
  });

  test('has a preflight that names what is missing on this node', async () => {
    const { alpha } = bench;
    const preflight = (changed: object) => alpha.act('preflight', { ...v4, ...changed });
    expect(await preflight({})).toMatchObject({ ready: true, rank: 100, warnings: [] });
    expect(await preflight({ device: 'eth7' })).toMatchObject({
      ready: false,
      evidence: 'there is no device eth7',
      todo: expect.stringContaining('eth0'),
    });
    expect(await preflight({ device: undefined, label: 'elevenchars' })).toMatchObject({
      ready: false,
      evidence: expect.stringContaining('16 characters'),
    });
    await alpha.do('ip', 'addr', 'add', v4.address, 'dev', 'eth1');
    expect(await preflight({})).toMatchObject({ ready: false, evidence: expect.stringContaining('on eth1') });
    await must(bench.lab.client, 'ip', 'link', 'set', `port-${alpha.node.pid}`, 'down');
    await alpha.do('ip', 'addr', 'flush', 'dev', 'eth1');
    expect(await preflight({})).toMatchObject({ ready: false, evidence: 'eth0 has no carrier' });
    await must(bench.lab.client, 'ip', 'link', 'set', `port-${alpha.node.pid}`, 'up');
  });

  test('has a preflight that warns of what would not be done', async () => {
    const { alpha } = bench;
    const settings = { address: v6.address, device: 'eth0' };
    await alpha.do('sysctl', '-qw', 'net/ipv6/conf/eth0/dad_transmits=0');
    const { warnings } = await alpha.act<{ warnings: string[] }>('preflight', settings);
    expect(warnings).toEqual([expect.stringContaining('dad_transmits')]);
    const lists = await alpha.act<{ warnings: string[] }>('preflight', {
      address: v4.address,
      devices: ['eth0', 'eth1'],
    });
    expect(lists.warnings).toEqual([expect.stringContaining('ignore_routes_with_linkdown')]);
  });

  test('is watched for by its host address, and dropped by ip alone', async () => {
    expect(kit.watch?.(kit.settings.parse(v6))).toEqual([{ kind: 'address', address: 'fd00:77::50' }]);
    expect(await bench.alpha.act('abort', v6)).toEqual([
      { argv: ['ip', 'address', 'del', 'fd00:77::50/64', 'dev', 'eth0'], budgetMs: 500 },
    ]);
  });

  test('is tried by hand as the README says', async () => {
    const words = ['kit', 'run', 'ip', 'preflight', '--settings', '-'] as const;
    const ran = await bench.alpha.node.run([program, ...words], {
      budgetMs: 10_000,
      input: JSON.stringify(v4),
    });
    expect(ran.stdout).toContain('preflight: ready');
  });
});
