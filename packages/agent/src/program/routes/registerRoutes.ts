import {
  type Problem,
  type ProblemCode,
  problemAnswer,
  type SaidProblem,
  shapeProblems,
} from '@holdfast/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Route, Said, Served } from './route.ts';
import { sayNo } from './said.ts';
import { streamEvents } from './streamEvents.ts';

/** The node from which a request came; undefined for one of this node. */
export type FromNode = (request: FastifyRequest) => string | undefined;

/** Serves routes, with their requests checked by their schemas, and answers for all that is none of them. */
export function registerRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  served: Served,
  fromNode: FromNode = () => undefined,
): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: toFastifyPath(route.path),
      handler: (request, reply) => answer(route, served, request, reply, fromNode(request)),
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
function toFastifyPath(path: string): string {
  return path.replace(/\{\w+\+\}/, '*').replaceAll(/\{(\w+)\}/g, ':$1');
}

async function answer(
  route: Route,
  served: Served,
  request: FastifyRequest,
  reply: FastifyReply,
  from: string | undefined,
): Promise<FastifyReply> {
  if (route.whileWaiting !== true && served.waiting?.() !== undefined) return send(reply, notBegun());
  const query = (route.query ?? noQuery).safeParse(request.query);
  const body = (route.body ?? z.unknown()).safeParse(request.body);
  const faults = [
    ...(query.success ? [] : shapeProblems(query.error, request.query)),
    ...(body.success ? [] : shapeProblems(body.error, request.body)),
  ];
  if (!query.success || !body.success) return send(reply, { ok: false, status: 400, problems: faults });
  const call = { params: paramsOf(route, request), query: query.data, body: namedFrom(body.data, from) };
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

/** Who asks from another node is named with it, in the records and wherever the cause is told. */
function namedFrom(body: unknown, from: string | undefined): unknown {
  if (from === undefined || typeof body !== 'object' || body === null || !('by' in body)) return body;
  return { ...body, by: `${body.by} at ${from}` };
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

/** A refusal that comes before any route. */
export function sendProblem(
  reply: FastifyReply,
  status: number,
  problem: Omit<SaidProblem, 'path'>,
): FastifyReply {
  return send(reply, sayNo(status, problem));
}

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

function notBegun(): Said<never> {
  return sayNo(503, {
    code: 'AGENT_WAITS',
    what: 'The agent of this node has not begun to act',
    why: 'its store does not answer',
    todo: 'see holdfast status for which members of etcd answer; it begins by itself when a majority does',
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
