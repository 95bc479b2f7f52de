import { applyAnswer, applyRequest, configurationAnswer } from '@holdfast/core';
import { jsonRoute, type Route } from './route.ts';
import { say } from './said.ts';

export const configurationRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/v1/configuration',
    summary: 'The document in force.',
    answer: configurationAnswer,
    run: ({ agent }) => say(agent.configuration()),
  }),
  jsonRoute({
    method: 'PUT',
    path: '/v1/configuration',
    summary: 'Apply a document; with dryRun, only show what it would change. Starts nothing.',
    body: applyRequest,
    answer: applyAnswer,
    refusals: { 409: 'The document cannot be applied; each problem is named.' },
    run: ({ agent }, { body }) => agent.apply({ ...body, document: body.document }),
  }),
];
