import type { AgentEvent, SaidProblem, Status } from '@holdfast/core';
import type { z } from 'zod';
import type { Agent, Journal, Log, Notifiers } from '../../index.ts';

/** What the routes work on. */
export type Served = Readonly<{
  agent: Agent;
  journal: Journal;
  log: Log;
  notifiers: Notifiers;
  printMetrics: () => string;
  apiDocument: () => object;
  /** While the agent cannot begin: what is told instead of its status. */
  waiting?: () => Status | undefined;
}>;

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A request whose query and body were checked by the schemas of its route. */
export type Call<Query extends z.ZodType = z.ZodType, Body extends z.ZodType = z.ZodType> = Readonly<{
  params: Readonly<Record<string, string>>;
  query: z.output<Query>;
  body: z.output<Body>;
}>;

/** `status`: of HTTP, where it is not told by the code of the first problem. */
export type Said<Value> =
  | Readonly<{ ok: true; value: Value }>
  | Readonly<{ ok: false; problems: readonly Readonly<SaidProblem>[]; status?: number }>;

/** What is told may be the agent's own: it is written out and never changed. */
type Told<Value> = Value extends readonly (infer Item)[]
  ? readonly Told<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Told<Value[Key]> }
    : Value;

/** Which events a reader gets: from a number on, those that pass. */
export type WantedEvents = Readonly<{ from: number; isWanted: (event: AgentEvent) => boolean }>;

type Common<Query extends z.ZodType, Body extends z.ZodType> = Readonly<{
  method: Method;
  /** `/v1/why/{tag+}`: what is in braces is a parameter; one with a plus may hold slashes. */
  path: string;
  summary: string;
  /** What each parameter of the path is. */
  params?: Readonly<Record<string, string>>;
  query?: Query;
  body?: Body;
  /** Answered also while the agent waits for its store. */
  whileWaiting?: true;
  /** Refusals that a caller has to expect beside those of every route (400: the request, 500: a fault). */
  refusals?: Readonly<Partial<Record<404 | 409 | 503, string>>>;
}>;

/** Answers one JSON value. */
type JsonRoute<Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType> = Common<
  Query,
  Body
> &
  Readonly<{
    kind: 'json';
    answer: Answer;
    run: (
      served: Served,
      call: Call<Query, Body>,
    ) => Said<Told<z.input<Answer>>> | Promise<Said<Told<z.input<Answer>>>>;
  }>;

/** Answers a line of JSON for each event, without an end. */
type StreamRoute<Query extends z.ZodType> = Common<Query, z.ZodType> &
  Readonly<{
    kind: 'stream';
    line: z.ZodType;
    from: (served: Served, call: Call<Query>) => WantedEvents;
  }>;

/** Answers text. */
type TextRoute = Common<z.ZodType, z.ZodType> &
  Readonly<{ kind: 'text'; type: string; run: (served: Served) => string }>;

/**
 * One address of the API as data: it is served from this (registerRoutes.ts), described from this, and held against
 * this by a test.
 */
export type Route = JsonRoute<z.ZodType, z.ZodType, z.ZodType> | StreamRoute<z.ZodType> | TextRoute;

/** Lets the schemas of a route type what it is called with and what it answers. */
export function jsonRoute<Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType>(
  route: Omit<JsonRoute<Query, Body, Answer>, 'kind'>,
): Route {
  return { kind: 'json', ...route } as unknown as Route;
}

export function streamRoute<Query extends z.ZodType>(route: Omit<StreamRoute<Query>, 'kind'>): Route {
  return { kind: 'stream', ...route } as unknown as Route;
}

export function textRoute(route: Omit<TextRoute, 'kind'>): Route {
  return { kind: 'text', ...route };
}
