import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Cluster, type Name } from './openCluster.ts';

/*
 * What the keeper is for, told as one story: each test begins where the one before it ended. Both nodes have a watchdog that
 * stands outside of them, and what destroys data when it runs twice may be taken because of it alone.
 */

const isLong = process.env.HOLDFAST_LONG === '1';
const long = isLong ? test : test.skip;
const tell = (what: string, ms: number): void => {
  if (process.env.HOLDFAST_TELL === '1') process.stderr.write(`${what}: ${Math.round(ms)} ms\n`);
};
const now = (): number => performance.timeOrigin + performance.now();
const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
let cluster: Cluster;

beforeAll(async () => {
  if (!isLong) return;
  cluster = await Cluster.open({ takeoverWithoutFence: false, watchdogs: true });
  await cluster.serve();
}, 60_000);
afterAll(() => cluster?.close());

long(
  'an agent that hangs is ended and another one goes on with what runs, and nobody outside sees it',
  async () => {
    const keeper = await cluster.priorityOf('alpha', await cluster.keeperPid('alpha'));
    expect(keeper).toMatchObject({ nice: -20, oomScore: mayBeSpared() ? -1000 : 0 });
    tell('the keeper has, in kB', keeper.memoryKb);
    const at = now();
    const [pid, postmaster] = [await cluster.agentPid('alpha'), await cluster.postmaster('alpha')];
    await cluster.signal('alpha', 'STOP', [pid]);
    const other = await cluster.anotherAgent('alpha', pid);
    // Neither it nor what it starts is to be spared as the keeper is, which has started it.
    expect(await cluster.priorityOf('alpha', other)).toMatchObject({ nice: 0, oomScore: 0 });
    tell('agent hangs: another is ready after', now() - at);
    const outage = await longest(at);
    tell('agent hangs', outage);
    expect(outage).toBeLessThan(700);
    expect(await cluster.postmaster('alpha')).toBe(postmaster);
    expect(await cluster.states('alpha')).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
    expect(await cluster.holders()).toEqual(['alpha']);
  },
  60_000,
);

long(
  'where agents die again and again, what they ran goes to the other node in order',
  async () => {
    const at = now();
    let pid = await cluster.agentPid('alpha');
    // The one that hung counts.
    for (let death = 2; death <= 3; death += 1) {
      await cluster.signal('alpha', 'KILL', [pid]);
      pid = await cluster.anotherAgent('alpha', pid);
    }
    await cluster.signal('alpha', 'KILL', [pid]);
    await cluster.held(['beta']);
    await cluster.answered(now());
    tell('agents that do not stay', await longest(at));
    expect(cluster.watchdog('alpha').hasBitten()).toBe(false);
    expect(await cluster.lost()).toEqual([]);
  },
  60_000,
);

long(
  'a keeper that dies alone: its agent lets go of everything, and the other node takes over after the wait',
  async () => {
    await joined('alpha');
    const at = now();
    await cluster.signal('beta', 'KILL', [await cluster.keeperPid('beta')]);
    expect(await twoHeld(at, ['alpha'])).toEqual([]);
    tell('keeper killed alone', await longest(at));
    expect(await cluster.lost()).toEqual([]);
    await cluster.bitten('beta');
  },
  60_000,
);

long(
  'agent and keeper dead: the watchdog takes the node down, and the other one takes over without a person',
  async () => {
    await joined('beta');
    const at = now();
    const pids = [await cluster.keeperPid('alpha'), await cluster.agentPid('alpha')];
    await cluster.signal('alpha', 'KILL', pids);
    expect(await twoHeld(at, ['beta'])).toEqual([]);
    tell('agent and keeper killed', await longest(at));
    await cluster.bitten('alpha');
    expect(await cluster.lost()).toEqual([]);
  },
  60_000,
);

long(
  'a node that freezes for longer than the wait is down before the other one takes over',
  async () => {
    await joined('alpha');
    const at = now();
    const node = cluster.node('beta');
    await node.run(['kill', '-STOP', '-1'], { budgetMs: 5_000 });
    expect(await twoHeld(at, ['alpha'])).toEqual([]);
    tell('node frozen', await longest(at));
    await cluster.bitten('beta');
    expect(await cluster.lost()).toEqual([]);
  },
  60_000,
);

/** A node that has just come waits for the last owner of what it never saw alive; after some beats it has seen it. */
async function joined(name: Name): Promise<void> {
  await cluster.ensure(name);
  await cluster.answered(now() + 2_000);
}

/** Where this machine does not give it to root, a keeper does without: CAP_SYS_RESOURCE is the 24th. */
function mayBeSpared(): boolean {
  const may = /^CapEff:\s*(\w+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${may}`) >> 24n) & 1n) === 1n;
}

/** Waits until these nodes hold it and a row is answered. Answers every moment at which two nodes held it. */
async function twoHeld(at: number, until: readonly Name[]): Promise<readonly (readonly Name[])[]> {
  const two: (readonly Name[])[] = [];
  for (;;) {
    const held = await cluster.holders();
    if (held.length > 1) two.push(held);
    const isAnswered = cluster.acknowledged.some((row) => row.at > at + 1_000);
    if (isAnswered && held.join() === until.join()) return two;
    if (now() - at > 40_000) throw new Error(`${held.join()} hold it after 40 s\n${cluster.log()}`);
    await soon(20);
  }
}

/** The longest time without an acknowledged row since a moment. */
async function longest(since: number): Promise<number> {
  await cluster.answered(now());
  const times = cluster.acknowledged.map(({ at }) => at);
  return Math.max(...times.map((at, index) => (at < since ? 0 : at - (times[index - 1] ?? at))));
}
