import type { Finding } from '@holdfast/core';
import { hierarchy, VirtualTime } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';
import { performStep } from '../src/index.ts';

const resource = [
  ...hierarchy`
    disk
  `.resources.values(),
][0]!;

/** Removes a resource whose kit says each time that it did, while checks find this, one after the other. */
async function remove(...findings: readonly Finding[]) {
  const time = new VirtualTime();
  const left = [...findings];
  let removes = 0;
  const outcome = performStep(
    {
      clock: time.clock(() => false),
      kits: {
        act: async () => {
          removes += 1;
          return { result: 'done', evidence: 'removed' };
        },
        check: async () => ({ finding: left.length > 1 ? left.shift()! : left[0]!, evidence: 'seen' }),
      },
    },
    {
      resource,
      action: 'remove',
      settings: {},
      epoch: 1,
      args: [],
      budgetMs: 60_000,
      checkBudgetMs: 5_000,
      whyNotAgain: () => undefined,
    },
    new AbortController().signal,
  );
  await time.runUntil(60_000);
  return { ...(await outcome), removes };
}

describe('a remove that the kit says is done', () => {
  test('is believed when a check agrees', async () => {
    expect(await remove('out-of-service')).toMatchObject({ result: 'done', removes: 1, tookMs: 0 });
  });

  test('is made again when a check finds it in service', async () => {
    expect(await remove('in-service', 'out-of-service')).toMatchObject({ result: 'done', removes: 2 });
    expect(await remove('in-service')).toMatchObject({ result: 'failed', removes: 3 });
  });

  test('is checked again when the check could not be made, and only then believed or not', async () => {
    expect(await remove('unknown', 'in-service', 'out-of-service')).toMatchObject({
      result: 'done',
      removes: 2,
    });
    expect(await remove('unknown')).toMatchObject({ result: 'done', removes: 1, tookMs: 1_200 });
  });
});
