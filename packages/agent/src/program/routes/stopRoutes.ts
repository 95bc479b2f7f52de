import { stopAnswer, stopRequest } from '@holdfast/core';
import { jsonRoute, type Route } from './route.ts';

export const stopRoutes: readonly Route[] = [
  jsonRoute({
    method: 'POST',
    path: '/v1/stop',
    summary: 'Stop the agent; with takeDown, after everything that runs on its node was taken down in order.',
    body: stopRequest,
    answer: stopAnswer,
    refusals: { 409: 'It cannot be done as things stand.' },
    run: ({ agent }, { body }) => agent.leaving.request(body),
  }),
];
