import { status, whyAnswer } from '@holdfast/core';
import { jsonRoute, type Route } from './route.ts';
import { say } from './said.ts';

export const statusRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/v1/status',
    summary: 'The status of this node and all that is on it.',
    answer: status,
    run: ({ agent }) => say(agent.status()),
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
