import { defineKit, done, found } from '@holdfast/kit';
import { z } from 'zod';

/** Copied by a test to a place from which neither import can be resolved. */
export const kit = defineKit({
  contract: 1,
  type: 'farAway',
  summary: 'Does nothing, far away.',
  settings: z.strictObject({ name: z.string().describe('Any.') }),
  identity: ({ name }) => name,
  budgets: { restore: 1_000, remove: 1_000, recover: 1_000, quickCheck: 1_000 },
  restore: async () => done('nothing to do'),
  remove: async () => done('nothing to do'),
  quickCheck: async () => found('out-of-service', 'there is nothing'),
});
