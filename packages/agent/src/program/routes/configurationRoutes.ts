import {
  applyAnswer,
  applyRequest,
  configurationAnswer,
  configurationsAnswer,
  generationAnswer,
} from '@holdfast/core';
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
  jsonRoute({
    method: 'GET',
    path: '/v1/configurations',
    summary: 'Every generation that is kept, newest first: when, and by whom.',
    answer: configurationsAnswer,
    run: async ({ agent }) => say(await agent.configurations.generations()),
  }),
  jsonRoute({
    method: 'GET',
    path: '/v1/configurations/{generation}',
    summary: 'The document of one generation.',
    params: { generation: 'Its number.' },
    answer: generationAnswer,
    refusals: { 404: 'There is no such generation.' },
    run: ({ agent }, { params }) => agent.configurations.generation(Number(params.generation)),
  }),
];
