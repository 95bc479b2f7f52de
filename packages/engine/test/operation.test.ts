import { planRestore, type Step } from '@holdfast/core';
import { hierarchy, VirtualTime } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';
import { Operation, type StepEnd, type StepOutcome } from '../src/index.ts';

const done: StepOutcome = { result: 'done', evidence: 'it worked', todo: '', tookMs: 0 };
const failed: StepOutcome = { result: 'failed', evidence: 'it did not', todo: '', tookMs: 0 };

/** Two databases on one disk, and an address that has nothing to do with them. */
const configuration = hierarchy`
  site     needs billing orders ip
  billing  needs disk
  orders   needs disk
`;
const plan = planRestore({
  configuration,
  node: configuration.nodes[0]!,
  tag: configuration.graph.roots()[0]!,
  stateOf: () => 'OSU',
  parents: true,
  basedOn: 0,
});

type Log = { begun: string[]; ended: Record<string, StepEnd['result']>; most: number };

/** Carries the plan out in virtual time; each step takes what the test says, 10 ms else. */
function carry(
  time: VirtualTime,
  how: {
    takes?: Record<string, number>;
    fails?: string[];
    mayBegin?: (step: Step) => string | undefined;
  } = {},
) {
  const log: Log = { begun: [], ended: {}, most: 0 };
  let running = 0;
  const operation = new Operation(plan, {
    mayBegin: how.mayBegin ?? (() => undefined),
    perform: async (step, signal) => {
      running += 1;
      log.most = Math.max(log.most, running);
      const wasTold = await new Promise<boolean>((resolve) => {
        time.after(how.takes?.[step.tag] ?? 10, () => resolve(false));
        signal.addEventListener('abort', () => resolve(true), { once: true });
      });
      running -= 1;
      if (wasTold) return { ...failed, result: 'cancelled' };
      return how.fails?.includes(step.tag) ? failed : done;
    },
    onBegin: ({ tag }) => log.begun.push(tag),
    onEnd: async ({ tag }, { result }) => {
      log.ended[tag] = result;
    },
  });
  return { operation, log, result: operation.run() };
}

describe('an operation', () => {
  test('begins a step as soon as all that it waits for is done, and independent ones at the same time', async () => {
    const time = new VirtualTime();
    const { log, result } = carry(time, { takes: { ip: 1_000 } });
    await time.runUntil(15);
    expect(log.begun).toEqual(['disk', 'ip', 'billing', 'orders']);
    expect(log.most).toBe(3);
    await time.runUntil(1_015);
    expect(await result).toBe('done');
    expect(log.begun.at(-1)).toBe('site');
    expect(time.now).toBe(1_015);
  });

  test('takes as long as its longest chain, and no longer', async () => {
    const time = new VirtualTime();
    let endedAt = -1;
    const { result } = carry(time, { takes: { disk: 100, billing: 50, orders: 70, ip: 20, site: 5 } });
    void result.then(() => {
      endedAt = time.now;
    });
    await time.runUntil(1_000);
    expect(endedAt).toBe(175);
  });

  test('skips only what waits for a step that failed', async () => {
    const time = new VirtualTime();
    const { log, result } = carry(time, { fails: ['billing'] });
    await time.runUntil(1_000);
    expect(await result).toBe('failed');
    expect(log.ended).toEqual({
      disk: 'done',
      ip: 'done',
      billing: 'failed',
      orders: 'done',
      site: 'skipped',
    });
  });

  test('begins nothing more once it is stopped, and lets what is under way end', async () => {
    const time = new VirtualTime();
    const { operation, log, result } = carry(time);
    await time.runUntil(5);
    operation.stop(() => false);
    await time.runUntil(1_000);
    expect(await result).toBe('cancelled');
    expect(log.ended).toEqual({
      disk: 'done',
      ip: 'done',
      billing: 'cancelled',
      orders: 'cancelled',
      site: 'cancelled',
    });
    expect(log.begun).toEqual(['disk', 'ip']);
  });

  test('tells those steps to stop that it is asked to', async () => {
    const time = new VirtualTime();
    const { operation, log, result } = carry(time, { takes: { disk: 100_000 } });
    await time.runUntil(5);
    operation.stop(({ tag }) => tag === 'disk');
    await time.runUntil(20);
    expect(await result).toBe('cancelled');
    expect(log.ended).toMatchObject({ disk: 'cancelled', ip: 'done' });
  });

  test('asks right before each step whether it may begin, and says why not', async () => {
    const time = new VirtualTime();
    const { log, result } = carry(time, {
      mayBegin: ({ tag }) => (tag === 'orders' ? 'the claim is lost' : undefined),
    });
    await time.runUntil(1_000);
    expect(await result).toBe('cancelled');
    expect(log.ended).toMatchObject({ billing: 'done', orders: 'cancelled', site: 'cancelled' });
    expect(log.begun).not.toContain('orders');
  });

  test('is stopped before it began anything', async () => {
    const time = new VirtualTime();
    const { operation, log, result } = carry(time, { mayBegin: () => 'not now' });
    operation.stop(() => true);
    await time.runUntil(10);
    expect(await result).toBe('cancelled');
    expect(log.begun).toEqual([]);
  });
});
