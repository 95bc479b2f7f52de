import { flagRequest, flagsAnswer } from '@holdfast/core';
import { jsonRoute, type Route } from './route.ts';
import { say } from './said.ts';

const refusals = { 404: 'There is no such flag.', 409: 'There is such a flag already.' };

export const flagRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/v1/flags',
    summary: 'The flags of this node: names that people and scripts left.',
    answer: flagsAnswer,
    run: ({ agent }) => say(agent.flags.list()),
  }),
  jsonRoute({
    method: 'PUT',
    path: '/v1/flags',
    summary: 'Leave a flag. One that begins with !volatile! is forgotten when the agent starts.',
    body: flagRequest,
    answer: flagsAnswer,
    refusals,
    run: ({ agent }, { body }) => agent.flags.create(body),
  }),
  jsonRoute({
    method: 'DELETE',
    path: '/v1/flags',
    summary: 'Take a flag away.',
    body: flagRequest,
    answer: flagsAnswer,
    refusals,
    run: ({ agent }, { body }) => agent.flags.remove(body),
  }),
];
