import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Cluster } from './openCluster.ts';

/*
 * Two nodes and a third that only votes, a real etcd, a real database, and a power switch that none of the nodes can keep
 * from cutting its power. Nothing is taken over for the time alone. The tests tell one story.
 */

let cluster: Cluster;
const tell = (what: string, outageMs: number): void => {
  if (process.env.HOLDFAST_TELL === '1') process.stderr.write(`${what}: ${Math.round(outageMs)} ms\n`);
};
const long = process.env.HOLDFAST_LONG === '1' ? test : test.skip;
const budget = { budgetMs: 20_000 };
const now = (): number => performance.timeOrigin + performance.now();

beforeAll(async () => {
  cluster = await Cluster.open({ takeoverWithoutFence: false });
  await cluster.serve({ fencing: cluster.fencing() });
}, 60_000);
afterAll(() => cluster?.close());

describe('nodes that can be fenced', () => {
  test('when the owner loses its power it is fenced once, and taken over without the wait', async () => {
    const at = now();
    await cluster.powerCut('alpha');
    const outage = await cluster.answered(at + 200);
    tell('power cut of the owner, with fence', outage);
    expect(await cluster.holders()).toEqual(['beta']);
    expect(await cluster.lost()).toEqual([]);
    expect(cluster.fence.calls).toMatchObject([{ from: 'beta', action: 'off', plug: 'alpha' }]);
    expect(cluster.log()).not.toContain('a-word-that-no-log-may-show');
  }, 60_000);

  long(
    'a node that was fenced joins again with a new boot, and can be fenced again',
    async () => {
      await cluster.start('alpha');
      const listed = await cluster.node('beta').run(['holdfast', 'fence', 'list'], budget);
      expect(listed.stdout).not.toContain('confirmed');
      const tested = await cluster.node('beta').run(['holdfast', 'fence', 'test'], budget);
      expect(tested).toMatchObject({ exitCode: 0 });
      expect(tested.stdout).toMatch(/alpha, level 1, switch: works .*power on/);
    },
    60_000,
  );

  long(
    'an owner that freezes as a whole is fenced before it goes on, and never do two run it',
    async () => {
      const at = now();
      const frozen = cluster.freeze('beta');
      await cluster.answered(at + 200);
      tell('freeze of the owner, with fence', await longest(at));
      // Its power was cut while it slept: there is nothing left to wake.
      expect(frozen.resume()).toBe(0);
      expect(await cluster.holders()).toEqual(['alpha']);
      expect(cluster.fence.calls.filter(({ action }) => action === 'off')).toMatchObject([
        { from: 'beta', plug: 'alpha' },
        { from: 'alpha', plug: 'beta' },
      ]);
      expect(await cluster.lost()).toEqual([]);
    },
    60_000,
  );

  long(
    'while the fence fails the hierarchy waits, everybody can see why, and a person can let it go',
    async () => {
      await cluster.start('beta');
      const early = await cluster.node('beta').run(['holdfast', 'confirm-down', 'alpha', '--yes'], budget);
      expect(early.exitCode).toBe(1);
      expect(early.stderr).toContain('its session lives');
      cluster.fence.behave('refuses');
      await cluster.powerCut('alpha');
      // Longer than the time after which it could be taken over without a fence.
      await soon(12_000);
      expect(await cluster.holders()).toEqual([]);
      const status = await cluster.node('beta').run(['holdfast', 'status'], budget);
      expect(status.stdout).toMatch(/fence failed/);
      expect(status.stdout.replaceAll(/\s+/g, ' ')).toContain('holdfast confirm-down alpha');
      const why = await cluster.node('beta').run(['holdfast', 'why', 'pg'], budget);
      expect(why.stdout.replaceAll(/\s+/g, ' ')).toContain('holdfast confirm-down alpha');
      const unasked = await cluster.node('beta').run(['holdfast', 'confirm-down', 'alpha'], budget);
      expect(unasked).toMatchObject({ exitCode: 1 });
      expect(await cluster.holders()).toEqual([]);
      const at = now();
      const words = [
        'holdfast',
        'confirm-down',
        'alpha',
        '--yes',
        '--why',
        'its cable is in my hand',
      ] as const;
      const said = await cluster.node('beta').run(words, budget);
      expect({ ...said, log: said.ok ? '' : cluster.log() }).toMatchObject({ exitCode: 0, log: '' });
      tell('after confirm-down', await cluster.answered(at));
      expect(await cluster.holders()).toEqual(['beta']);
      expect(await cluster.lost()).toEqual([]);
      cluster.fence.behave('works');
    },
    90_000,
  );

  long(
    'a node that gives signs of life is fenced when a person asks for it',
    async () => {
      await cluster.start('alpha');
      const at = now();
      const done = await cluster.node('alpha').run(['holdfast', 'fence', 'beta', '--yes'], budget);
      expect({ ...done, log: done.ok ? '' : cluster.log() }).toMatchObject({ exitCode: 0, log: '' });
      await cluster.answered(at + 200);
      tell('fenced by a person', await longest(at));
      expect(await cluster.holders()).toEqual(['alpha']);
      expect(await cluster.lost()).toEqual([]);
    },
    60_000,
  );
});

const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The longest time without an acknowledged row since a moment. */
async function longest(since: number): Promise<number> {
  await cluster.answered(now());
  const times = cluster.acknowledged.map(({ at }) => at);
  return Math.max(...times.map((at, index) => (at < since ? 0 : at - (times[index - 1] ?? at))));
}
