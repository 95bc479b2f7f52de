import { pauseAnswer, pauseRequest, resumeRequest } from '@holdfast/core';
import { jsonRoute, type Route } from './route.ts';

const refusals = { 404: 'There is no such resource.', 409: 'It cannot be done as things stand.' };

export const pauseRoutes: readonly Route[] = [
  jsonRoute({
    method: 'POST',
    path: '/v1/pauses',
    summary: 'Pause the protection of a resource, a hierarchy or the node.',
    body: pauseRequest,
    answer: pauseAnswer,
    refusals,
    run: ({ agent }, { body }) => agent.pauses.pause(body),
  }),
  jsonRoute({
    method: 'DELETE',
    path: '/v1/pauses',
    summary: 'Take a pause back: protection returns, and what runs is adopted.',
    body: resumeRequest,
    answer: pauseAnswer,
    refusals,
    run: ({ agent }, { body }) => agent.pauses.resume(body),
  }),
];
