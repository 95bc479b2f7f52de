import { findCycles } from '../graph/findCycles.ts';
import { ResourceGraph } from '../graph/resourceGraph.ts';
import { ok, type Problem, type Result, refuse } from '../problem.ts';
import type { NodeName, Tag } from '../vocabulary.ts';
import type { Configuration, ResourceType } from './configuration.ts';
import { notBuilt } from './notBuilt.ts';
import { readHierarchies } from './readHierarchies.ts';
import { readResources } from './readResources.ts';
import { shapeProblems } from './shapeProblems.ts';
import { type WrittenDocument, writtenDocument } from './writtenDocument.ts';

/**
 * Reads the operator's document. Answers a configuration in which every question is settled, or every problem
 * that the document has: one reading is enough to mend it. Nothing that follows needs to check again.
 */
export function readDocument(input: unknown, types: readonly ResourceType[]): Result<Configuration> {
  const shaped = writtenDocument.safeParse(input);
  // A part of a wrong form hides nothing else: what can still be read is read, and reported along with it.
  const document = shaped.success
    ? shaped.data
    : salvage(
        input,
        shaped.error.issues.map((issue) => issue.path),
      );
  const problems: Problem[] = shaped.success ? [] : shapeProblems(shaped.error, input);
  if (document === undefined) return refuse(...problems);

  const nodes = document.nodes.map((node) => (typeof node === 'string' ? node : node.name) as NodeName);
  const entries = Object.entries(document.resources).map(([tag, written]) => ({
    tag: tag as Tag,
    needs: written.needs as Tag[],
    needsAny: written.needsAny as Tag[],
    after: written.after as Tag[],
  }));
  const graph = new ResourceGraph(entries);
  problems.push(...labelProblems(document), ...cycleProblems(graph));

  const hierarchies = readHierarchies({ document, graph, nodes });
  problems.push(...hierarchies.problems);
  const typesByName = new Map(types.map((type) => [type.type, type] as const));
  const resources = readResources({ document, nodes, types: typesByName, hierarchies: hierarchies.found });
  problems.push(...resources.problems);

  if (problems.length > 0) return refuse(...problems);
  return ok({
    nodes,
    graph,
    resources: resources.found,
    hierarchies: hierarchies.found.map(({ hierarchy }) => hierarchy),
  });
}

/** Drops what has the wrong form, and reads the rest; gives up when the rest has the wrong form too. */
function salvage(input: unknown, wrong: readonly PropertyKey[][]): WrittenDocument | undefined {
  const copy: unknown = structuredClone(input);
  // The deepest first: dropping a whole resource must not shift what is dropped inside it.
  for (const path of [...wrong].sort((a, b) => b.length - a.length)) dropAt(copy, path);
  const again = writtenDocument.safeParse(copy);
  if (again.success) return again.data;
  for (const { path } of again.error.issues) dropAt(copy, path.slice(0, 2));
  const last = writtenDocument.safeParse(copy);
  return last.success ? last.data : undefined;
}

function dropAt(value: unknown, path: readonly PropertyKey[]): void {
  let parent: unknown = value;
  for (const key of path.slice(0, -1)) parent = (parent as Record<PropertyKey, unknown> | undefined)?.[key];
  const last = path.at(-1);
  if (last === undefined || typeof parent !== 'object' || parent === null) return;
  if (Array.isArray(parent) && typeof last === 'number') parent.splice(last, 1);
  else delete (parent as Record<PropertyKey, unknown>)[last];
}

function cycleProblems(graph: ResourceGraph): Problem[] {
  return findCycles(graph).map((cycle) => ({
    code: 'CYCLE',
    path: `resources.${cycle[0]}`,
    what: `These resources need each other, so none can be restored first: ${cycle.join(' -> ')}`,
    why: `${cycle.at(-2)} needs, or comes after, ${cycle.at(-1)}`,
    todo: `remove one of the ${cycle.length - 1} needs, then apply again`,
  }));
}

function labelProblems(document: WrittenDocument): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, node] of document.nodes.entries()) {
    const name = typeof node === 'string' ? node : node.name;
    if (seen.has(name)) {
      problems.push({
        code: 'DOCUMENT_SHAPE',
        path: `nodes.${index}`,
        what: `The node ${name} is listed twice`,
        why: 'the order of nodes is their priority, so each stands in it once',
        todo: 'remove one of the two',
      });
    }
    seen.add(name);
    if (typeof node === 'object' && Object.keys(node.labels).length > 0) {
      problems.push(notBuilt(`nodes.${index}.labels`, `Labels of the node ${name}`));
    }
  }
  return problems;
}
