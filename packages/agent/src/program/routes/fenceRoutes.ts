import {
  confirmDownAnswer,
  confirmDownRequest,
  fenceNowAnswer,
  fenceNowRequest,
  fencesAnswer,
  fenceTestAnswer,
  fenceTestRequest,
} from '@holdfast/core';
import { jsonRoute, type Route } from './route.ts';
import { say } from './said.ts';

const params = { node: 'The node, as the configuration names it.' };
const refusals = {
  409: 'It cannot be: there is no such node, it lives, has no device, or something is under way.',
};

export const fenceRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/v1/fences',
    summary: 'How each node would be fenced, and how that stands.',
    answer: fencesAnswer,
    run: ({ agent }) => say(agent.fences.list()),
  }),
  jsonRoute({
    method: 'POST',
    path: '/v1/fences/{node}',
    summary: 'Fence a node now, also one that gives signs of life. Answered when that is over.',
    params,
    body: fenceNowRequest,
    answer: fenceNowAnswer,
    refusals,
    run: ({ agent }, { params: { node }, body }) => agent.fences.fenceNow(node!, body),
  }),
  jsonRoute({
    method: 'POST',
    path: '/v1/fences/{node}/confirm',
    summary: 'Say that a node is down for sure: what it had is taken over at once.',
    params,
    body: confirmDownRequest,
    answer: confirmDownAnswer,
    refusals,
    run: ({ agent }, { params: { node }, body }) => agent.fences.confirmDown(node!, body),
  }),
  jsonRoute({
    method: 'POST',
    path: '/v1/fences/{node}/test',
    summary: 'Ask each fence device of a node whether it works; changes nothing.',
    params,
    body: fenceTestRequest,
    answer: fenceTestAnswer,
    refusals,
    run: ({ agent }, { params: { node } }) => agent.fences.test(node!),
  }),
];
