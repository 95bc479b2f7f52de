import { defineKit, done, found } from '@holdfast/kit';
import { z } from 'zod';

const up = new Set<string>();

/** Does nothing but remember: what is measured with it is the agent alone. */
export const kit = defineKit({
  type: 'quiet',
  summary: 'A mark in memory, checked in process.',
  settings: z.strictObject({ name: z.string() }),
  identity: ({ name }) => name,
  budgets: { restore: 1_000, remove: 1_000, recover: 1_000, quickCheck: 1_000 },
  restore: async ({ settings }) => {
    up.add(settings.name);
    return done('marked');
  },
  remove: async ({ settings }) => {
    up.delete(settings.name);
    return done('no longer marked');
  },
  quickCheck: async ({ settings }) =>
    found(up.has(settings.name) ? 'in-service' : 'out-of-service', 'looked'),
});
