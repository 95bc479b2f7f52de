import { operationAnswer, operationsAnswer, replayAnswer } from '@holdfast/core';
import { jsonRoute, type Route, type Said } from './route.ts';
import { say, sayNo } from './said.ts';

const params = { id: 'The id of the operation, as the list has it.' };
const refusals = { 404: 'There is no such operation.' };

export const operationRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/v1/operations',
    summary: 'The last 100 operations, newest first.',
    answer: operationsAnswer,
    run: async ({ journal }) => say({ operations: await journal.list(100) }),
  }),
  jsonRoute({
    method: 'GET',
    path: '/v1/operations/{id}',
    summary: 'One operation with its timeline.',
    params,
    answer: operationAnswer,
    refusals,
    run: async ({ journal }, { params: { id } }) => {
      const found = await journal.find(id!);
      return found === undefined ? unknownOperation(id!) : say(found);
    },
  }),
  jsonRoute({
    method: 'GET',
    path: '/v1/operations/{id}/replay',
    summary: 'Decide again about the view that an operation came from, by the rules of today.',
    params,
    answer: replayAnswer,
    refusals,
    run: async ({ agent }, { params: { id } }) => {
      const replayed = await agent.requests.replay(id!);
      return replayed === undefined ? unknownOperation(id!) : say(replayed);
    },
  }),
];

function unknownOperation(id: string): Said<never> {
  return sayNo(404, {
    code: 'UNKNOWN_OPERATION',
    what: `There is no operation ${id}`,
    why: 'the journal of this node has none with this id, or its generation of the configuration is no longer kept',
    todo: 'list them with holdfast history',
  });
}
