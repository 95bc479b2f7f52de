import { z } from 'zod';
import { jsonRoute, type Route } from './route.ts';
import { say } from './said.ts';

export const documentRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'This document.',
    whileWaiting: true,
    answer: z.looseObject({ openapi: z.string() }),
    run: ({ apiDocument }) => say(apiDocument() as { openapi: string }),
  }),
];
