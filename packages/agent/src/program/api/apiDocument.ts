import * as core from '@holdfast/core';
import { z } from 'zod';
import type { Route } from '../routes/route.ts';

type Json = Readonly<Record<string, unknown>>;

/** The API in the form of OpenAPI 3.1, made from the routes that are served and the schemas that check them. */
export function apiDocument(routes: readonly Route[], version: string): Json {
  const named = namedSchemas();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll('+}', '}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, named.toJson) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'The API of the Holdfast agent',
      version,
      description:
        'HTTP and JSON on the Unix socket /run/holdfast/agent.sock: whoever may open it may command the agent. ' +
        'With the header Holdfast-Node a request on the socket is for another node, and is handed on to it. ' +
        'Where agent.yaml has api:, the same addresses are there for the other nodes, over TLS with certificates on both sides. ' +
        'While an agent waits for its store it answers a few of them, and the others with 503. ' +
        'Answers may get new fields; what a request holds beyond these is refused. ' +
        'A {tag} may hold slashes, each written as %2F or as it is.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: { schemas: named.schemas() },
  };
}

function operationOf(route: Route, toJson: (schema: z.ZodType) => Json): Json {
  const problems = { 'application/json': { schema: toJson(core.problemAnswer) } };
  const refusal = (description: string) => ({ description, content: problems });
  const refusals = Object.entries(route.refusals ?? {}).map(([code, says]) => [code, refusal(says)] as const);
  const isAsked = route.query !== undefined || route.body !== undefined;
  return {
    summary: route.summary,
    ...(parametersOf(route).length === 0 ? {} : { parameters: parametersOf(route) }),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: toJson(route.body) } } } }),
    responses: {
      200: { description: 'Done.', content: contentOf(route, toJson) },
      ...(isAsked ? { 400: refusal('The request is not of this form; each problem is named.') } : {}),
      ...Object.fromEntries(refusals),
      500: refusal('A fault in the agent, or a store that cannot be written; its log says more.'),
    },
  };
}

function contentOf(route: Route, toJson: (schema: z.ZodType) => Json): Json {
  switch (route.kind) {
    case 'json':
      return { 'application/json': { schema: toJson(route.answer) } };
    case 'stream':
      // OpenAPI 3.1 has no word for a line of a stream: this is the schema of each line.
      return { 'application/x-ndjson': { schema: toJson(route.line) } };
    case 'text':
      return { [route.type]: { schema: { type: 'string' } } };
  }
}

function parametersOf({ params = {}, query }: Route): Json[] {
  const inPath = Object.entries(params).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string' },
  }));
  const schema =
    query === undefined ? {} : (z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' }) as Json);
  const inQuery = Object.entries((schema.properties ?? {}) as Record<string, Json>).map(
    ([name, { description, ...rest }]) => ({ name, in: 'query', required: false, description, schema: rest }),
  );
  return [...inPath, ...inQuery];
}

/** Schemas that the core exports have their names in the document; others stand where they are used. */
function namedSchemas(): { toJson: (schema: z.ZodType) => Json; schemas: () => Json } {
  const names = new Map<z.ZodType, string>();
  for (const [name, value] of Object.entries(core)) {
    if (value instanceof z.ZodType) names.set(value, `${name[0]!.toUpperCase()}${name.slice(1)}`);
  }
  const registry = z.registry<{ id: string }>();
  const used = new Set<z.ZodType>();
  const use = (schema: z.ZodType): Json => {
    const name = names.get(schema)!;
    if (!used.has(schema)) registry.add(schema, { id: name });
    used.add(schema);
    return { $ref: referenceTo(name) };
  };
  return {
    toJson: (schema) => (names.has(schema) ? use(schema) : inline(schema)),
    schemas: () => {
      // What named schemas hold that has a name as well is referred to, too.
      for (const one of [core.agentEvent, core.saidPlan, core.operationAnswer]) use(one);
      const made = z.toJSONSchema(registry, { io: 'input', uri: referenceTo, unrepresentable: 'any' });
      const plain = Object.entries(made.schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [
        name,
        schema,
      ]);
      return Object.fromEntries(plain.sort(([a], [b]) => String(a).localeCompare(String(b))));
    },
  };
}

function inline(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

function referenceTo(name: string): string {
  return `#/components/schemas/${name}`;
}
