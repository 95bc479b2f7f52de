import { notifiersAnswer, notifierTestAnswer, notifierTestRequest } from '@holdfast/core';
import { jsonRoute, type Route } from './route.ts';
import { say, sayNo } from './said.ts';

export const notifierRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/v1/notifiers',
    summary: 'Who is told of what happens, and how that goes.',
    answer: notifiersAnswer,
    run: ({ notifiers }) => say({ notifiers: notifiers.states() }),
  }),
  jsonRoute({
    method: 'POST',
    path: '/v1/notifiers/{name}/test',
    summary: 'Send one of them a message that says that it is a test; answers how that went.',
    params: { name: 'The notifier, as the configuration names it.' },
    body: notifierTestRequest,
    answer: notifierTestAnswer,
    refusals: { 404: 'There is no such notifier.' },
    run: async ({ notifiers }, { params, body }) => {
      const tested = notifiers.test(params.name!, body.by);
      if (tested !== undefined) return say(await tested);
      return sayNo(404, {
        code: 'UNKNOWN_NOTIFIER',
        what: `There is no notifier ${params.name}`,
        why: 'the configuration in force has none of this name',
        todo: 'list them: holdfast notify list',
      });
    },
  }),
];
