import { z } from 'zod';
import type { Configuration, ResourceType } from '../document/configuration.ts';
import { readDocument } from '../document/readDocument.ts';
import { isMap, namesIn } from '../document/salvage.ts';
import { shapeProblems } from '../document/shapeProblems.ts';
import { ok, type Problem, type Result, refuse } from '../problem.ts';
import type { Action, TypeName } from '../vocabulary.ts';
import { unknownNames } from './unknownNames.ts';
import { type WrittenSituation, writtenSituation } from './writtenWorld.ts';

/** A cluster as it could be, to be forecast: a configuration, where everything stands, what is wanted, what happens. */
export type World = Readonly<{ configuration: Configuration; situation: WrittenSituation }>;

/** Reads a world, or answers every problem that it has. What is a document in it is read like every document. */
export function readWorld(input: unknown): Result<World> {
  if (!isMap(input)) return refuse(noWorld());
  const { states, intent, events, ...document } = input;
  const resources = isMap(document.resources) ? mapValues(document.resources, completed) : document.resources;
  const read = readDocument({ ...document, resources: resources ?? {} }, typesOf(resources));
  const problems: Problem[] = read.ok ? [] : [...read.problems];
  const written = { states, intent, events };
  const shaped = writtenSituation.safeParse(written);
  if (!shaped.success) problems.push(...shapeProblems(shaped.error, written));
  problems.push(...unknownNames(input, namesIn(input)));
  if (problems.length > 0 || !read.ok || !shaped.success) return refuse(...problems);
  return ok({ configuration: read.value, situation: shaped.data });
}

const anyType = 'any';
/** No kit is loaded, so no optional action is counted on: what failed is restarted, the larger of the two repairs. */
const actions: readonly Action[] = ['restore', 'remove', 'quickCheck', 'deepCheck'];

/** A resource with its type and settings filled in: what they are is up to a kit, and none is asked here. */
function completed(resource: unknown, tag: string): unknown {
  if (resource === null || resource === undefined) return { type: anyType, settings: { tag } };
  if (!isMap(resource)) return resource;
  const { type = anyType, settings = {}, nodes = {}, ...rest } = resource;
  return {
    ...rest,
    type,
    settings: isMap(settings) ? { tag } : settings,
    nodes: isMap(nodes) ? mapValues(nodes, (own) => (isMap(own) ? {} : own)) : nodes,
  };
}

function typesOf(resources: unknown): readonly ResourceType[] {
  const entries: readonly unknown[] = isMap(resources) ? Object.values(resources) : [];
  const named = entries.flatMap((entry) =>
    isMap(entry) && typeof entry.type === 'string' ? [entry.type] : [],
  );
  return [...new Set(named)].map((type) => ({
    type: type as TypeName,
    settings: z.object({ tag: z.string() }),
    identity: (settings) => (settings as { tag: string }).tag,
    actions,
  }));
}

function noWorld(): Problem {
  return {
    code: 'DOCUMENT_SHAPE',
    path: '',
    what: 'This is not a world',
    why: 'a world is a map with nodes and resources, and with states, intent and events',
    todo: 'begin with nodes: [alpha, beta]',
  };
}

function mapValues(
  map: Record<string, unknown>,
  change: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}
