import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { Bench } from '../src/conformance/bench.ts';
import { worldSchema } from '../src/conformance/world.ts';
import { defineKit, done, found } from '../src/index.ts';

const world = worldSchema.parse({ settings: {} });

test('one memory is kept over the calls, and let go of when the resource is out and when all is over', async () => {
  const closed: unknown[] = [];
  const kit = defineKit<object>({
    type: 'counter',
    summary: 'Counts its checks.',
    settings: z.strictObject({}),
    identity: () => 'it',
    budgets: { restore: 1_000, remove: 1_000, recover: 1_000, quickCheck: 1_000 },
    restore: async () => done('it counts'),
    remove: async () => done('it is out'),
    quickCheck: async ({ memory }) => {
      memory.set('checks', Number(memory.get('checks') ?? 0) + 1);
      return found('in-service', `check ${memory.get('checks')}`);
    },
    close: async (memory) => void closed.push(memory.get('checks')),
  });
  const bench = new Bench(kit, world, {});
  await bench.check();
  expect((await bench.check()).says).toBe('in-service: check 2');
  await bench.call('remove');
  expect((await bench.check()).says).toBe('in-service: check 1');
  await bench.end();
  expect(closed).toEqual([2, 1]);
});
