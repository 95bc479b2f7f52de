import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Cluster } from './openCluster.ts';

/*
 * Two nodes and a third that only votes, a real etcd, a real database, and a client outside that counts. The tests tell
 * one story: each begins where the one before it ended.
 */

let cluster: Cluster;
const tell = (what: string, outageMs: number): void => {
  if (process.env.HOLDFAST_TELL === '1') process.stderr.write(`${what}: ${Math.round(outageMs)} ms\n`);
};
const long = process.env.HOLDFAST_LONG === '1' ? test : test.skip;
const budget = { budgetMs: 10_000 };
const now = (): number => performance.timeOrigin + performance.now();

beforeAll(async () => {
  cluster = await Cluster.open();
  await cluster.serve();
}, 60_000);
afterAll(() => cluster?.close());

describe('two nodes and a voter', () => {
  test('a hierarchy moves when its restore is asked for on the other node, and no row is lost', async () => {
    const at = now();
    const moved = await cluster.perform('beta', '-t', 'pg', '-a', 'restore');
    expect({ ...moved, log: moved.ok ? '' : cluster.log() }).toMatchObject({ exitCode: 0, log: '' });
    tell('planned move', await longest(at));
    expect(await cluster.holders()).toEqual(['beta']);
    expect(await cluster.states('beta')).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
    expect(await cluster.states('alpha')).toEqual({ ip: 'OSU', fs: 'OSU', pg: 'OSU' });
    expect(await cluster.lost()).toEqual([]);
  }, 60_000);

  test('when the owner loses its power the other node takes over after the wait, and no row is lost', async () => {
    const at = now();
    await cluster.powerCut('beta');
    await cluster.answered(at + 200);
    tell('power cut of the owner', await longest(at));
    expect(await cluster.holders()).toEqual(['alpha']);
    expect(await cluster.lost()).toEqual([]);
  }, 60_000);

  test('a node that lost its power joins again, and takes nothing', async () => {
    await cluster.start('beta');
    expect(await cluster.states('beta')).toEqual({ ip: 'OSU', fs: 'OSU', pg: 'OSU' });
    expect(await cluster.holders()).toEqual(['alpha']);
    // One that has just come waits for the last owner of what it never saw alive; after some beats it has seen it.
    await cluster.answered(now() + 2_000);
  }, 60_000);

  test('an owner that is cut off lets go of everything before the other node takes over', async () => {
    const at = now();
    const agent = cluster.agent('alpha');
    await cluster.plug('alpha', 'out');
    const held: string[][] = [];
    const ended = agent.ended.then(() => true);
    while (!(await Promise.race([ended, soon()]))) held.push([...(await cluster.holders())]);
    await cluster.answered(at + 300);
    tell('partition of the owner', await longest(at));
    held.push([...(await cluster.holders())]);
    expect(held.filter((nodes) => nodes.length > 1)).toEqual([]);
    expect(held.at(-1)).toEqual(['beta']);
    await cluster.plug('alpha', 'in');
    await cluster.start('alpha');
    expect(await cluster.holders()).toEqual(['beta']);
    expect(await cluster.lost()).toEqual([]);
  }, 60_000);

  test('a database that cannot be repaired here moves to the other node', async () => {
    const at = now();
    // Without its program it comes up no more on this node.
    await cluster.node('beta').run(['sh', '-c', 'mv /usr/lib/postgresql /usr/lib/postgresql-gone'], budget);
    await cluster.node('beta').run(['pkill', '-KILL', '-F', '/srv/pg/data/postmaster.pid'], budget);
    await cluster.answered(at + 500);
    tell('killed database that cannot be recovered', await longest(at));
    await cluster.node('beta').run(['sh', '-c', 'mv /usr/lib/postgresql-gone /usr/lib/postgresql'], budget);
    expect(await cluster.holders()).toEqual(['alpha']);
    expect(await cluster.lost()).toEqual([]);
  }, 60_000);

  long(
    'an agent that is stopped takes its services down, and no other node takes them unasked',
    async () => {
      const { signal, exitCode } = await cluster.agent('alpha').stop();
      expect({ signal, exitCode }).toMatchObject({ exitCode: 0 });
      expect(await cluster.holders()).toEqual([]);
      await soon(1_000);
      expect(await cluster.states('beta')).toEqual({ ip: 'OSU', fs: 'OSU', pg: 'OSU' });
      const at = now();
      await cluster.start('alpha');
      await cluster.answered(at);
      expect(await cluster.holders()).toEqual(['alpha']);
      expect(await cluster.lost()).toEqual([]);
    },
    60_000,
  );

  test('an agent that dies is started again by the keeper and goes on with what runs, and nobody sees it', async () => {
    const at = now();
    const pid = await cluster.agentPid('alpha');
    const postmaster = await cluster.postmaster('alpha');
    await cluster.agent('alpha').kill();
    await cluster.anotherAgent('alpha', pid);
    const back = now();
    const outage = await longest(at);
    tell('agent killed', outage);
    tell('agent killed: another is ready after', back - at);
    expect(await cluster.states('alpha')).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
    expect(await cluster.holders()).toEqual(['alpha']);
    expect(await cluster.postmaster('alpha')).toBe(postmaster);
    expect(outage).toBeLessThan(700);
  }, 60_000);
});

long(
  'without a fence, what destroys data when it runs twice waits for a person',
  async () => {
    const unproven = await Cluster.open({ takeoverWithoutFence: false });
    try {
      await unproven.serve();
      await unproven.powerCut('alpha');
      await soon(9_000);
      expect(await unproven.holders()).toEqual([]);
      const status = await unproven.node('beta').run(['lcdstatus', '--json'], budget);
      expect(status.stdout).toContain('nothing proves');
      const restored = await unproven.perform('beta', '-t', 'pg', '-a', 'restore');
      expect({ ...restored, log: restored.ok ? '' : unproven.log() }).toMatchObject({ exitCode: 0, log: '' });
      expect(await unproven.lost()).toEqual([]);
    } finally {
      await unproven.close();
    }
  },
  60_000,
);

const soon = (ms = 50): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), ms));

/** The longest time without an acknowledged row since a moment. */
async function longest(since: number): Promise<number> {
  await cluster.answered(now());
  const times = cluster.acknowledged.map(({ at }) => at);
  return Math.max(...times.map((at, index) => (at < since ? 0 : at - (times[index - 1] ?? at))));
}
