import { agentEvent, eventKinds } from '@holdfast/core';
import { z } from 'zod';
import { type Route, streamRoute } from './route.ts';

const query = z.object({
  from: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('The number of the first event that is wanted; without it, only new ones are told.'),
  since: z.coerce
    .number()
    .min(0)
    .optional()
    .describe('Nothing from before this moment, in milliseconds since 1970; asks for the kept ones as well.'),
  kinds: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(eventKinds)))
    .optional()
    .describe(`Only these kinds, with commas between them: ${eventKinds.join(', ')}.`),
});

export const eventRoutes: readonly Route[] = [
  streamRoute({
    method: 'GET',
    path: '/v1/events',
    summary:
      'Events as lines of JSON: the kept ones (the last 10000) from a number on, then each as it happens. ' +
      'A reader that falls behind what is kept is let go.',
    query,
    line: agentEvent,
    from: ({ agent }, { query: { from, since, kinds } }) => ({
      from: from ?? (since === undefined ? agent.events.next : 0),
      isWanted: ({ kind, at }) =>
        (kinds === undefined || kinds.includes(kind)) && (since === undefined || at >= since),
    }),
  }),
];
