import { fileURLToPath } from 'node:url';
import { type Lab, type LabAgent, type LabNode, openLab, startAgent } from '@holdfast/lab';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/* An agent with a kit that is not part of Holdfast, and does everything wrong, beside one that is. */

const budget = { budgetMs: 60_000 };
const planted = fileURLToPath(new URL('../../packages/agent/test/kits/faulty', import.meta.url));

let lab: Lab;
let node: LabNode;
let agent: LabAgent;

const config = { socketGroup: 'adm', kits: ['ip', './faulty', './gone', '@acme/holdfast-mark'] };

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  await node.run(['mkdir', '-p', '/etc/holdfast'], budget);
  await node.run(['cp', '-r', planted, '/etc/holdfast/faulty'], budget);
  // As npm installs it: JavaScript, below node_modules, without the contract beside it.
  const installed = '/etc/holdfast/node_modules/@acme/holdfast-mark';
  await node.writeFile(
    `${installed}/package.json`,
    JSON.stringify({
      name: '@acme/holdfast-mark',
      type: 'module',
      exports: './kit.js',
      holdfast: { contract: 1 },
    }),
  );
  await node.writeFile(`${installed}/kit.js`, installedKit);
  agent = await startAgent(node, { config });
}, 60_000);

afterAll(() => lab?.close());

const installedKit = `
import { defineKit, done, found } from '@holdfast/kit';
import { z } from 'zod';
let isUp = false;
export const kit = defineKit({
  contract: 1,
  type: 'mark',
  summary: 'A mark in memory.',
  settings: z.strictObject({ name: z.string() }),
  identity: ({ name }) => name,
  budgets: { restore: 1000, remove: 1000, recover: 1000, quickCheck: 1000 },
  restore: async () => { isUp = true; return done('marked'); },
  remove: async () => { isUp = false; return done('no longer marked'); },
  quickCheck: async () => found(isUp ? 'in-service' : 'out-of-service', 'looked'),
});
`;

function document(fault: string): object {
  // The check that hangs is the one that comes with the apply, and no other.
  const every = fault === 'spins' ? '1h' : '200ms';
  return {
    nodes: ['alpha'],
    policy: { quickCheck: { every: '200ms', timeout: '5s' }, localRecovery: { attempts: 100 } },
    resources: {
      ip: { type: 'ip', settings: { address: '10.77.0.50/24', device: 'eth0' } },
      bad: {
        type: 'faulty',
        settings: { name: 'bad', fault },
        policy: { quickCheck: { every, timeout: '8s' } },
      },
      mark: { type: 'mark', settings: { name: 'mark' }, needs: ['ip'] },
    },
  };
}

async function apply(what: object) {
  await node.writeFile('/root/hierarchy.yaml', JSON.stringify(what));
  return node.run(['holdfast', 'apply', '/root/hierarchy.yaml'], budget);
}

type Told = Readonly<{
  kits: { name: string; state: string; says: string }[];
  resources: { tag: string; state: string; conditions: { code: string; says: string }[] }[];
}>;

async function status(): Promise<Told> {
  return JSON.parse((await node.run(['lcdstatus', '--json'], budget)).stdout) as Told;
}

async function states(): Promise<Record<string, string>> {
  return Object.fromEntries((await status()).resources.map(({ tag, state }) => [tag, state]));
}

async function eventually<Fact>(look: () => Promise<Fact>, wanted: Fact): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (JSON.stringify(found) === JSON.stringify(wanted) || performance.now() > deadline) {
      expect(found).toEqual(wanted);
      return;
    }
  }
}

const hasAddress = async () =>
  (await node.run(['ip', '-brief', 'address', 'show', 'to', '10.77.0.50'], budget)).stdout !== '';
const loseAddress = () => node.run(['ip', 'address', 'del', '10.77.0.50/24', 'dev', 'eth0'], budget);
const logged = (event: string) =>
  agent
    .log()
    .split('\n')
    .findIndex((line) => line.includes(`"event":"${event}"`));

test('a kit from npm serves, one that is not there is refused and named, and the agent runs', async () => {
  expect(await apply(document('none'))).toMatchObject({ exitCode: 0 });
  expect((await status()).kits.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'ip loaded',
    './faulty loaded',
    './gone refused',
    '@acme/holdfast-mark loaded',
  ]);
  const restored = await node.run(['perform_action', '-t', 'mark', '-a', 'restore'], budget);
  expect(restored).toMatchObject({ exitCode: 0 });
  expect(await states()).toEqual({ ip: 'ISP', bad: 'OSU', mark: 'ISP' });
}, 60_000);

test('the socket is open to the group that agent.yaml names, and to nobody else', async () => {
  const socket = await node.run(['stat', '-c', '%a %U %G', '/run/holdfast/agent.sock'], budget);
  expect(socket.stdout.trim()).toBe('660 root adm');
  const as = (...account: string[]) =>
    node.run(['setpriv', ...account, '--clear-groups', '--', 'holdfast', 'export'], budget);
  expect(await as('--reuid', 'nobody', '--regid', 'adm')).toMatchObject({ exitCode: 0 });
  expect(await as('--reuid', 'nobody', '--regid', 'nogroup')).not.toMatchObject({ exitCode: 0 });
}, 60_000);

test('while a check of a kit hangs in a loop, everything else is watched and repaired as ever', async () => {
  const applied = apply(document('spins'));
  // Its check begins with the apply, and may take 8 s; the address comes and goes meanwhile.
  await eventually(
    async () => (await node.run(['holdfast', 'export'], budget)).stdout.includes('spins'),
    true,
  );
  for (const _ of [1, 2]) {
    await loseAddress();
    await eventually(hasAddress, true);
  }
  const repairs = agent.log().split('"event":"operation-ended"').length;
  expect(logged('kit-fault')).toBe(-1);
  await applied;
  await eventually(async () => logged('kit-fault') !== -1, true);
  expect(agent.log().slice(agent.log().indexOf('"event":"kit-fault"')).split('\n')[0]).toContain(
    'this is a fault in the kit ./faulty',
  );
  expect(repairs).toBeGreaterThan(2);
}, 60_000);

test('a kit that dies again and again is shown as broken; what it serves is not known, and not failed', async () => {
  expect(await apply(document('ends'))).toMatchObject({ exitCode: 0 });
  const kitState = async () => (await status()).kits.find(({ name }) => name === './faulty')?.state;
  await eventually(kitState, 'broken');
  const { resources } = await status();
  await eventually(
    async () => (await status()).resources.find(({ tag }) => tag === 'bad')?.conditions[0]?.code,
    'KIT_BROKEN',
  );
  expect(resources.find(({ tag }) => tag === 'bad')?.state).toBe('OSU');
  await loseAddress();
  await eventually(hasAddress, true);
}, 60_000);

test('an agent whose kit is gone keeps what it served in its status, and protects the rest', async () => {
  await agent.stop();
  await node.run(['mv', '/etc/holdfast/faulty', '/root/faulty'], budget);
  agent = await startAgent(node, { config });
  const bad = (await status()).resources.find(({ tag }) => tag === 'bad');
  expect(bad?.conditions).toEqual([
    {
      code: 'KIT_MISSING',
      says: expect.stringContaining('no kit serves the type faulty; ./faulty was refused'),
    },
  ]);
  await loseAddress();
  await eventually(hasAddress, true);
  const { resources } = document('ends') as { resources: Record<string, object> };
  const more = { other: { type: 'ip', settings: { address: '10.77.0.51/24', device: 'eth0' } } };
  expect(await apply({ ...document('ends'), resources: { ...resources, ...more } })).toMatchObject({
    exitCode: 0,
  });
  const changed = await apply(document('other'));
  expect(changed.exitCode).toBe(1);
  expect(changed.stdout + changed.stderr).toContain('no kit serves the type faulty');
}, 60_000);
