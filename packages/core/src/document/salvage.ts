import type { z } from 'zod';
import { plainIssues } from './shapeProblems.ts';
import { type WrittenDocument, writtenDocument } from './writtenDocument.ts';

/** What the document names, in whatever form: one that is badly written is not one that is missing. */
export type Names = Readonly<{ tags: ReadonlySet<string>; nodes: ReadonlySet<string> }>;

export function namesIn(input: unknown): Names {
  const { nodes, resources } = (isMap(input) ? input : {}) as Record<string, unknown>;
  const named = Array.isArray(nodes) ? nodes.map((node) => (isMap(node) ? node.name : node)) : [];
  return {
    tags: new Set(isMap(resources) ? Object.keys(resources) : []),
    nodes: new Set(named.filter((name) => typeof name === 'string')),
  };
}

/**
 * What can still be read of a document that has the wrong form here and there: first without what is wrong, then
 * without the resources and hierarchies that miss something. Undefined when nothing can be made of it.
 */
export function salvage(input: unknown, error: z.ZodError): WrittenDocument | undefined {
  const copy: unknown = structuredClone(input);
  if (!isMap(copy)) return undefined;
  drop(copy, wrongPlaces(error));
  if (!Array.isArray(copy.nodes) || copy.nodes.length === 0) copy.nodes = ['(no node)'];
  const again = writtenDocument.safeParse(copy);
  if (again.success) return again.data;
  drop(
    copy,
    wrongPlaces(again.error).map((path) => path.slice(0, 2)),
  );
  const last = writtenDocument.safeParse(copy);
  return last.success ? last.data : undefined;
}

/** A field that does not belong there is dropped alone, and not with all that stands around it. */
function wrongPlaces(error: z.ZodError): PropertyKey[][] {
  return plainIssues(error).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
}

/** The deepest and the last in a list first, so that no path is shifted by what was dropped before. */
function drop(copy: unknown, paths: readonly PropertyKey[][]): void {
  const once = new Map(paths.map((path) => [JSON.stringify(path.map(String)), path]));
  const order = [...once.values()].sort(
    (a, b) => b.length - a.length || Number(b.at(-1)) - Number(a.at(-1)) || 0,
  );
  for (const path of order) dropAt(copy, path);
}

function dropAt(value: unknown, path: readonly PropertyKey[]): void {
  let parent: unknown = value;
  for (const key of path.slice(0, -1))
    parent = (parent as Record<PropertyKey, unknown> | null | undefined)?.[key];
  const last = path.at(-1);
  if (last === undefined || typeof parent !== 'object' || parent === null) return;
  if (Array.isArray(parent) && typeof last === 'number') parent.splice(last, 1);
  else delete (parent as Record<PropertyKey, unknown>)[last];
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
