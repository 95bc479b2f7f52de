import { confirmationAnswer, confirmationRequest, preflightAnswer, preflightRequest } from '@holdfast/core';
import { jsonRoute, type Route } from './route.ts';

const refusals = { 404: 'There is no such resource.', 409: 'It cannot be done as things stand.' };

export const membershipRoutes: readonly Route[] = [
  jsonRoute({
    method: 'POST',
    path: '/v1/preflights',
    summary: 'Could a node run a hierarchy, as a document would have it? The document is not applied.',
    body: preflightRequest,
    answer: preflightAnswer,
    refusals,
    run: ({ agent }, { body }) => agent.membership.preflight({ ...body, document: body.document }),
  }),
  jsonRoute({
    method: 'POST',
    path: '/v1/confirmations',
    summary: 'Say whether what a node had that is down may be taken over, where that is to be confirmed.',
    body: confirmationRequest,
    answer: confirmationAnswer,
    refusals,
    run: ({ agent }, { body }) => agent.membership.confirm(body),
  }),
];
