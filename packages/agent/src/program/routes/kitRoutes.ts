import { actionAnswer, actionRequest, suspicionAnswer, suspicionRequest, typesAnswer } from '@holdfast/core';
import { jsonRoute, type Route } from './route.ts';
import { say } from './said.ts';

export const kitRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/v1/types',
    summary: 'The types of the loaded kits, and what each can do.',
    answer: typesAnswer,
    run: ({ agent }) => say(agent.types()),
  }),
  jsonRoute({
    method: 'POST',
    path: '/v1/actions',
    summary: 'Any other action of a kit, on one resource and nothing around it.',
    body: actionRequest,
    answer: actionAnswer,
    refusals: { 404: 'There is no such resource.', 409: 'It cannot be done as things stand.' },
    run: ({ agent }, { body }) => agent.actions.perform(body),
  }),
  jsonRoute({
    method: 'POST',
    path: '/v1/suspicions',
    summary: 'Somebody has seen something: the resource is checked at once, and the check decides.',
    body: suspicionRequest,
    answer: suspicionAnswer,
    run: ({ agent }, { body }) => agent.suspicions.take(body),
  }),
];
