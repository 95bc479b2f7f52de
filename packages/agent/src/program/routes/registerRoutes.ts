import { type Problem, type ProblemCode, problemAnswer, shapeProblems } from '@holdfast/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Route, Said, Served } from './route.ts';
import { sayNo } from './said.ts';
import { streamEvents } from './streamEvents.ts';

/** Serves routes, with their requests checked by their schemas, and answers for all that is none of them. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[], served: Served): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: toFastifyPath(route.path),
      handler: (request, reply) => answer(route, served, request, reply),
    });
  }
  app.setNotFoundHandler((request, reply) => send(reply, unknownAddress(request.method, request.url)));
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500)
      served.log.error({ event: 'request-failed', url: request.url, error: error.stack }, 'a request failed');
    return send(reply, failedRequest(status, error.message));
  });
}

/** `/v1/why/{tag+}` is `/v1/why/*`, and `/v1/operations/{id}` is `/v1/operations/:id`. */
export function toFastifyPath(path: string): string {
  return path.replace(/\{\w+\+\}/, '*').replaceAll(/\{(\w+)\}/g, ':$1');
}

async function answer(
  route: Route,
  served: Served,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const query = (route.query ?? noQuery).safeParse(request.query);
  const body = (route.body ?? z.unknown()).safeParse(request.body);
  const faults = [
    ...(query.success ? [] : shapeProblems(query.error, request.query)),
    ...(body.success ? [] : shapeProblems(body.error, request.body)),
  ];
  if (!query.success || !body.success) return send(reply, { ok: false, status: 400, problems: faults });
  const call = { params: paramsOf(route, request), query: query.data, body: body.data };
  switch (route.kind) {
    case 'json':
      return send(reply, await route.run(served, call));
    case 'text':
      return reply.type(route.type).send(route.run(served));
    case 'stream': {
      reply.hijack();
      streamEvents(served.agent.events, route.from(served, call), reply.raw);
      return reply;
    }
  }
}

const noQuery = z.object({});

/** What Fastify found at a star has no name there; in the route's path it has. */
function paramsOf(route: Route, request: FastifyRequest): Readonly<Record<string, string>> {
  const { '*': rest, ...params } = request.params as Record<string, string>;
  const name = /\{(\w+)\+\}/.exec(route.path)?.[1];
  return name === undefined ? params : { ...params, [name]: rest ?? '' };
}

const httpCodes: Partial<Record<ProblemCode, number>> = {
  UNKNOWN_RESOURCE: 404,
  UNKNOWN_FLAG: 404,
  UNKNOWN_GENERATION: 404,
};

function send(reply: FastifyReply, said: Said<unknown>): FastifyReply {
  if (said.ok) return reply.send(said.value);
  const status = said.status ?? httpCodes[said.problems[0]!.code as Problem['code']] ?? 409;
  return reply.code(status).send(problemAnswer.parse({ problems: said.problems }));
}

function unknownAddress(method: string, url: string): Said<never> {
  return sayNo(404, {
    code: 'UNKNOWN_ADDRESS',
    what: `The agent has nothing at ${method} ${url}`,
    why: 'the address is not part of its API',
    todo: 'use a client of the same version as the agent',
  });
}

function failedRequest(status: number, message: string): Said<never> {
  return sayNo(status, {
    code: 'REQUEST_FAILED',
    what: 'The request could not be carried out',
    why: message,
    todo: 'see the log of the agent',
  });
}
