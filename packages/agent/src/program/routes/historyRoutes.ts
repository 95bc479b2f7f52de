import { historyAnswer } from '@holdfast/core';
import { z } from 'zod';
import { jsonRoute, type Route } from './route.ts';
import { say } from './said.ts';

const query = z.object({
  since: z.coerce.number().min(0).default(0).describe('Milliseconds since 1970; 0 for all that is kept.'),
  max: z.coerce.number().int().min(1).max(100_000).default(1_000).describe('The last so many.'),
});

export const historyRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/v1/history',
    summary: 'Events from the journal, in order: of operations, and what happened outside of them.',
    query,
    answer: historyAnswer,
    run: async ({ journal }, { query: { since, max } }) => say({ events: await journal.events(since, max) }),
  }),
];
