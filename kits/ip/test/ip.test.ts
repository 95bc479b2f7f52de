import { fileURLToPath } from 'node:url';
import { waitUntil } from '@holdfast/kit';
import { kitConformance } from '@holdfast/kit/conformance';
import { type Lab, type LabNode, openLab } from '@holdfast/lab';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('../../../packages/cli/bin/holdfast', import.meta.url));
const settings = { address: '10.77.0.50/24', device: 'eth0', duplicateCheckMs: 300 };

let lab: Lab;
let node: LabNode;
let other: LabNode;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'ip-alpha', address: '10.77.0.11' });
  other = await lab.addNode({ name: 'ip-beta', address: '10.77.0.12' });
}, 30_000);
afterAll(() => lab?.close());

kitConformance({
  kit: 'ip',
  host: () => node,
  world: () => ({
    settings,
    serves: ['ip', 'route', 'get', '10.77.0.1', 'from', '10.77.0.50'],
    same: ['ip', '-json', 'addr', 'show', 'dev', 'eth0'],
    breakIt: ['ip', 'addr', 'del', '10.77.0.50/24', 'dev', 'eth0'],
    bystanders: [
      { name: "the node's own address", probe: ['ip', 'route', 'get', '10.77.0.1', 'from', '10.77.0.11'] },
    ],
    wrongSettings: [
      { address: '10.77.0.50' },
      { address: '10.77.0.50/33' },
      { address: 'fd00::50/64' },
      { address: '127.0.0.5/8' },
      { device: 'eth0/..' },
      { adress: '10.77.0.50/24' },
    ],
  }),
  framework: { describe, beforeAll, test, expect },
});

describe('an address', () => {
  beforeEach(async () => {
    await node.run(['ip', 'addr', 'flush', 'dev', 'eth0'], { budgetMs: 5_000 });
    await ip('addr', 'add', '10.77.0.11/24', 'dev', 'eth0');
  });

  test('that another host has is refused, and the host is named', async () => {
    await other.run(['ip', 'addr', 'add', '10.77.0.50/32', 'dev', 'eth0'], { budgetMs: 5_000 });
    try {
      const outcome = await kit('restore');
      expect(outcome.result).toBe('failed');
      expect(outcome.evidence.toLowerCase()).toContain(await hardwareAddress(other));
      expect((await kit('quickCheck')).finding).toBe('out-of-service');
    } finally {
      await other.run(['ip', 'addr', 'del', '10.77.0.50/32', 'dev', 'eth0'], { budgetMs: 5_000 });
    }
  });

  test('on a device that is missing is refused, and is out when removed', async () => {
    const restored = await kit('restore', { device: 'eth7' });
    expect(restored).toMatchObject({ result: 'failed', evidence: 'there is no device eth7' });
    expect(restored.todo).toContain('eth0');
    expect(await kit('remove', { device: 'eth7' })).toMatchObject({ result: 'done' });
    expect((await kit('quickCheck', { device: 'eth7' })).finding).toBe('out-of-service');
  });

  test('that is there with another prefix is neither taken over nor taken away', async () => {
    await ip('addr', 'add', '10.77.0.50/32', 'dev', 'eth0');
    expect(await kit('restore')).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('prefix length 32'),
    });
    expect((await kit('quickCheck')).finding).toBe('failed');
    expect(await kit('remove')).toMatchObject({ result: 'failed' });
    expect(await addresses()).toContain('10.77.0.50/32');
  });

  test('that is there on another device is neither taken over nor taken away', async () => {
    await ip('addr', 'add', '10.77.0.50/24', 'dev', 'lo');
    try {
      expect(await kit('restore')).toMatchObject({
        result: 'failed',
        evidence: expect.stringContaining('on lo'),
      });
      expect(await kit('remove')).toMatchObject({ result: 'failed' });
    } finally {
      await ip('addr', 'del', '10.77.0.50/24', 'dev', 'lo');
    }
  });

  test('that came first in its subnet takes no other address with it', async () => {
    await ip('addr', 'flush', 'dev', 'eth0');
    expect(await kit('restore', { duplicateCheckMs: 0 })).toMatchObject({ result: 'done' });
    await ip('addr', 'add', '10.77.0.11/24', 'dev', 'eth0');
    await ip('addr', 'add', '10.77.0.60/24', 'dev', 'eth0');
    expect(await promoteSecondaries()).toBe('0');
    expect(await kit('remove')).toMatchObject({ result: 'done' });
    expect(await addresses()).toEqual(['10.77.0.11/24', '10.77.0.60/24']);
    expect(await promoteSecondaries()).toBe('0');
  });

  test('on a link that is down fails the check and the restore, and the link is left down', async () => {
    expect(await kit('restore')).toMatchObject({ result: 'done' });
    await ip('link', 'set', 'eth0', 'down');
    try {
      expect(await kit('quickCheck')).toMatchObject({
        finding: 'failed',
        evidence: expect.stringContaining('down'),
      });
      expect(await kit('recover')).toMatchObject({ result: 'failed', evidence: 'eth0 is down' });
      expect(await kit('remove')).toMatchObject({ result: 'done' });
      expect((await ip('-json', 'link', 'show', 'eth0')).stdout).not.toContain('"UP"');
    } finally {
      await ip('link', 'set', 'eth0', 'up');
    }
  });

  test('that moved is known at its new place without being asked for', async () => {
    expect(await kit('restore', {}, other)).toMatchObject({ result: 'done' });
    // A datagram makes the client learn who has the address, and remember it.
    await lab.client.run(['bash', '-c', 'echo >/dev/udp/10.77.0.50/9'], { budgetMs: 5_000 });
    expect(await whoClientKnows()).toBe(await hardwareAddress(other));
    expect(await kit('remove', {}, other)).toMatchObject({ result: 'done' });
    expect(await kit('restore')).toMatchObject({ result: 'done' });
    expect(await whoClientKnows()).toBe(await hardwareAddress(node));
  });
});

async function whoClientKnows(): Promise<string | undefined> {
  const known = await waitUntil(
    async () => {
      const shown = await lab.client.run(['ip', 'neigh', 'show', '10.77.0.50'], { budgetMs: 5_000 });
      return /lladdr (\S+)/.exec(shown.stdout)?.[1];
    },
    { withinMs: 3_000 },
  );
  return known;
}

async function hardwareAddress(of: LabNode): Promise<string> {
  return (await of.run(['cat', '/sys/class/net/eth0/address'], { budgetMs: 5_000 })).stdout.trim();
}

type Answer = { result?: string; finding?: string; evidence: string; todo?: string };

async function kit(action: string, changed: object = {}, on: LabNode = node): Promise<Answer> {
  const input = JSON.stringify({ ...settings, ...changed });
  const ran = await on.run([program, 'kit', 'run', 'ip', action, '--settings', '-', '--json'], {
    budgetMs: 20_000,
    input,
  });
  if (ran.exitCode === 2 || ran.stdout === '') throw new Error(`${ran.says}\n${ran.stderr}`);
  return JSON.parse(ran.stdout);
}

async function ip(...words: string[]): Promise<{ stdout: string }> {
  const ran = await node.run(['ip', ...words], { budgetMs: 5_000 });
  if (!ran.ok) throw new Error(ran.says);
  return ran;
}

async function addresses(): Promise<string[]> {
  const [device] = JSON.parse((await ip('-json', '-4', 'addr', 'show', 'dev', 'eth0')).stdout);
  return device.addr_info.map((one: { local: string; prefixlen: number }) => `${one.local}/${one.prefixlen}`);
}

async function promoteSecondaries(): Promise<string> {
  const file = '/proc/sys/net/ipv4/conf/eth0/promote_secondaries';
  return (await node.run(['cat', file], { budgetMs: 5_000 })).stdout.trim();
}
