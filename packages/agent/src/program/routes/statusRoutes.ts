import { helloAnswer, status, whyAnswer } from '@holdfast/core';
import { jsonRoute, type Route } from './route.ts';
import { say } from './said.ts';

export const statusRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/v1/status',
    summary: 'The status of this node and all that is on it, and of the others as far as it knows.',
    whileWaiting: true,
    answer: status,
    run: ({ agent, waiting }) => say(waiting?.() ?? agent.status()),
  }),
  jsonRoute({
    method: 'GET',
    path: '/v1/hello',
    summary: 'Who answers here and how it stands, in short: what nodes ask each other every other second.',
    whileWaiting: true,
    answer: helloAnswer,
    run: ({ agent }) => say(agent.hello()),
  }),
  jsonRoute({
    method: 'GET',
    path: '/v1/why/{tag+}',
    summary: 'Why a resource stands as it does, and what would have to change.',
    params: { tag: 'The resource.' },
    answer: whyAnswer,
    refusals: { 404: 'There is no such resource.' },
    run: ({ agent }, { params }) => agent.requests.why(params.tag!),
  }),
];
