import { chmod, unlink } from 'node:fs/promises';
import {
  type AgentEvent,
  applyRequest,
  checkRequest,
  commandRequest,
  type Problem,
  type ProblemCode,
  pauseRequest,
  problemAnswer,
  type Result,
  resumeRequest,
  shapeProblems,
  stopRequest,
} from '@holdfast/core';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Agent, Journal, Log } from '../index.ts';

type Given = Readonly<{ agent: Agent; journal: Journal; log: Log }>;

/** Largest request: a document of some thousand resources. */
const bodyMaxBytes = 16 * 1024 * 1024;

/**
 * The agent's API on a Unix socket: whoever may open the socket may command the agent. Listens when the answer
 * comes. The caller holds the store, so a socket that is there already is left over from a dead agent.
 */
export async function serve(given: Given, socket: string): Promise<FastifyInstance> {
  const app = Fastify({ bodyLimit: bodyMaxBytes, forceCloseConnections: true });
  routes(app, given);
  await unlink(socket).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  const before = process.umask(0o117);
  try {
    await app.listen({ path: socket });
  } finally {
    process.umask(before);
  }
  await chmod(socket, 0o660);
  return app;
}

function routes(app: FastifyInstance, { agent, journal, log }: Given): void {
  app.get('/v1/status', () => agent.status());
  app.get('/v1/configuration', () => agent.configuration());
  app.put('/v1/configuration', async (request, reply) => {
    const checked = check(applyRequest, request.body, reply);
    return checked === undefined
      ? reply
      : answer(reply, await agent.apply({ ...checked, document: checked.document }));
  });
  app.post('/v1/commands', async (request, reply) => {
    const checked = check(commandRequest, request.body, reply);
    return checked === undefined ? reply : answer(reply, await agent.requests.command(checked));
  });
  app.post('/v1/checks', async (request, reply) => {
    const checked = check(checkRequest, request.body, reply);
    return checked === undefined ? reply : answer(reply, await agent.requests.check(checked));
  });
  app.post('/v1/pauses', async (request, reply) => {
    const checked = check(pauseRequest, request.body, reply);
    return checked === undefined ? reply : answer(reply, await agent.pauses.pause(checked));
  });
  app.delete('/v1/pauses', async (request, reply) => {
    const checked = check(resumeRequest, request.body, reply);
    return checked === undefined ? reply : answer(reply, await agent.pauses.resume(checked));
  });
  app.post('/v1/stop', async (request, reply) => {
    const checked = check(stopRequest, request.body, reply);
    return checked === undefined ? reply : answer(reply, agent.leaving.request(checked));
  });
  app.get('/v1/operations', () => ({ operations: journal.list(100) }));
  app.get<{ Params: { id: string } }>('/v1/operations/:id', (request, reply) => {
    const found = journal.find(request.params.id);
    return found ?? reply.code(404).send(said(unknownOperation(request.params.id)));
  });
  app.get<{ Params: { id: string } }>('/v1/operations/:id/replay', async (request, reply) => {
    const replayed = await agent.requests.replay(request.params.id);
    return replayed ?? reply.code(404).send(said(unknownOperation(request.params.id)));
  });
  app.get<{ Params: { '*': string } }>('/v1/why/*', (request, reply) =>
    answer(reply, agent.requests.why(request.params['*'])),
  );
  app.get<{ Querystring: { from?: string } }>('/v1/events', (request, reply) => {
    const from = request.query.from === undefined ? agent.events.next : Number(request.query.from);
    reply.hijack();
    stream(agent, Number.isInteger(from) ? from : agent.events.next, reply.raw);
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(said(unknownAddress(request.method, request.url))),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const code = error.statusCode ?? 500;
    if (code >= 500)
      log.error({ event: 'request-failed', url: request.url, error: error.stack }, 'a request failed');
    return reply.code(code).send(said(failedRequest(error.message)));
  });
}

/** The kept events from a number on, then each as it happens, a line of JSON each, until the caller leaves. */
function stream(agent: Agent, from: number, raw: FastifyReply['raw']): void {
  raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const send = (event: AgentEvent): void => {
    // A reader that does not read must not fill the agent's memory: it is let go, and may come back with a number.
    if (raw.writableLength > 4 * 1024 * 1024) raw.destroy();
    else raw.write(`${JSON.stringify(event)}\n`);
  };
  raw.flushHeaders();
  for (const event of agent.events.from(from)) send(event);
  const leave = agent.events.listen(send);
  raw.on('close', leave);
}

function check<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  reply: FastifyReply,
): z.output<Schema> | undefined {
  const checked = schema.safeParse(body);
  if (checked.success) return checked.data;
  reply.code(400).send({ problems: shapeProblems(checked.error, body) });
  return undefined;
}

const httpCodes: Partial<Record<ProblemCode, number>> = { UNKNOWN_RESOURCE: 404 };

function answer<Value>(reply: FastifyReply, result: Result<Value>): Value | FastifyReply {
  if (result.ok) return result.value;
  return reply
    .code(httpCodes[result.problems[0]!.code] ?? 409)
    .send(problemAnswer.parse({ problems: result.problems }));
}

type Saying = Pick<Problem, 'what' | 'why' | 'todo'> & { code: string };

function said(problem: Saying): { problems: (Saying & { path: string })[] } {
  return { problems: [{ path: '', ...problem }] };
}

function unknownOperation(id: string): Saying {
  return {
    code: 'UNKNOWN_OPERATION',
    what: `There is no operation ${id}`,
    why: 'the journal of this node has none with this id',
    todo: 'list them with holdfast history',
  };
}

function unknownAddress(method: string, url: string): Saying {
  return {
    code: 'UNKNOWN_ADDRESS',
    what: `The agent has nothing at ${method} ${url}`,
    why: 'the address is not part of its API',
    todo: 'use a client of the same version as the agent',
  };
}

function failedRequest(message: string): Saying {
  return {
    code: 'REQUEST_FAILED',
    what: 'The request could not be carried out',
    why: message,
    todo: 'see the log of the agent',
  };
}
