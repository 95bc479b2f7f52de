import { agentEvent } from '@holdfast/core';
import { z } from 'zod';
import { type Route, streamRoute } from './route.ts';

const query = z.object({
  from: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('The number of the first event that is wanted; without it, only new ones are told.'),
});

export const eventRoutes: readonly Route[] = [
  streamRoute({
    method: 'GET',
    path: '/v1/events',
    summary: 'Events as lines of JSON: the kept ones from a number on, then each as it happens.',
    query,
    line: agentEvent,
    from: ({ agent }, { query: { from } }) => ({
      from: from ?? agent.events.next,
      isWanted: () => true,
    }),
  }),
];
