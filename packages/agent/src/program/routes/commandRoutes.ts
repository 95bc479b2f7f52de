import { checkAnswer, checkRequest, commandAnswer, commandRequest } from '@holdfast/core';
import { jsonRoute, type Route } from './route.ts';

const refusals = { 404: 'There is no such resource.', 409: 'It cannot be done as things stand.' };

export const commandRoutes: readonly Route[] = [
  jsonRoute({
    method: 'POST',
    path: '/v1/commands',
    summary: 'Restore or remove. Answers when the intent is stored, with the plan and where to follow it.',
    body: commandRequest,
    answer: commandAnswer,
    refusals,
    run: ({ agent }, { body }) => agent.requests.command(body),
  }),
  jsonRoute({
    method: 'POST',
    path: '/v1/checks',
    summary: 'Check a resource once, now. What was found is told and changes nothing.',
    body: checkRequest,
    answer: checkAnswer,
    refusals,
    run: ({ agent }, { body }) => agent.requests.check(body),
  }),
];
