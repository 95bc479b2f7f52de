import type { ResourceGraph } from '../graph/resourceGraph.ts';
import type { Problem } from '../problem.ts';
import type { NodeName, Tag } from '../vocabulary.ts';
import type { Hierarchy } from './configuration.ts';
import { placementProblems } from './placementProblems.ts';
import { policyProblems } from './policyProblems.ts';
import type { Names } from './salvage.ts';
import type { WrittenDocument, WrittenHierarchy } from './writtenDocument.ts';

export type FoundHierarchy = Readonly<{ hierarchy: Hierarchy; written: WrittenHierarchy | undefined }>;

/** Every connected group is a hierarchy; an entry under `hierarchies`, named by any tag in it, says more of it. */
export function readHierarchies(given: {
  document: WrittenDocument;
  graph: ResourceGraph;
  nodes: readonly NodeName[];
  names: Names;
}): { found: readonly FoundHierarchy[]; problems: readonly Problem[] } {
  const { document, graph, nodes, names } = given;
  const groups = graph.connected();
  const groupOf = new Map(
    groups.flatMap((tags, index) => tags.map((tag) => [tag as string, index] as const)),
  );
  const written = new Map<number, { name: string; entry: WrittenHierarchy }>();
  const problems: Problem[] = [...policyProblems({ path: 'policy', written: document.policy, above: [] })];

  for (const [name, entry] of Object.entries(document.hierarchies)) {
    const path = `hierarchies.${name}`;
    const group = groupOf.get(name);
    const twin = group === undefined ? undefined : written.get(group);
    if (group === undefined) problems.push(...(names.tags.has(name) ? [] : [noSuchTag(path, name)]));
    else if (twin !== undefined) problems.push(namedTwice(path, name, twin.name));
    else written.set(group, { name, entry });
    problems.push(...entryProblems({ path, entry, nodes, names, document }));
    problems.push(...placementProblems({ path, entry, group, groupOf, tags: names.tags }));
  }

  const found = groups.map((tags, index) => {
    const entry = written.get(index)?.entry;
    return {
      written: entry,
      hierarchy: {
        tags,
        nodes: rank(entry, nodes),
        switchback: entry?.switchback ?? 'INTELLIGENT',
        choose: entry?.choose ?? 'order',
        placement: (entry?.placement ?? []).map((one) => ({ ...one, with: one.with as Tag })),
      },
    } as const;
  });
  return { found, problems };
}

function rank(entry: WrittenHierarchy | undefined, nodes: readonly NodeName[]): Hierarchy['nodes'] {
  if (entry?.nodes === undefined) return nodes.map((node, index) => ({ node, priority: index + 1 }));
  return Object.entries(entry.nodes)
    .map(([node, priority]) => ({ node: node as NodeName, priority }))
    .sort((a, b) => a.priority - b.priority);
}

function entryProblems(given: {
  path: string;
  entry: WrittenHierarchy;
  nodes: readonly NodeName[];
  names: Names;
  document: WrittenDocument;
}): Problem[] {
  const { path, entry, nodes, names, document } = given;
  const problems: Problem[] = [];
  const byPriority = new Map<number, string>();
  for (const [node, priority] of Object.entries(entry.nodes ?? {})) {
    if (!isKnownNode(node, names)) problems.push(unknownNode(`${path}.nodes.${node}`, node, nodes));
    const twin = byPriority.get(priority);
    if (twin !== undefined) {
      problems.push({
        code: 'EQUAL_PRIORITIES',
        path: `${path}.nodes.${node}`,
        what: `${twin} and ${node} both have the priority ${priority}`,
        why: 'the best eligible node takes the hierarchy, and with equal priorities none is the best',
        todo: 'give each node a priority of its own; 1 is the best, gaps are fine',
      });
    }
    byPriority.set(priority, node);
  }
  const nodesAllowed = entry.nodes === undefined ? nodes.length : Object.keys(entry.nodes).length;
  problems.push(
    ...policyProblems({
      path: `${path}.policy`,
      written: entry.policy,
      above: [document.policy],
      nodesAllowed,
    }),
  );
  return problems;
}

/** Where the list of nodes could not be read at all, no name is called unknown. */
export function isKnownNode(node: string, { nodes }: Names): boolean {
  return nodes.size === 0 || nodes.has(node);
}

export function unknownNode(path: string, node: string, nodes: readonly NodeName[]): Problem {
  return {
    code: 'UNKNOWN_NODE',
    path,
    what: `There is no node ${node}`,
    why: `the document lists ${nodes.join(', ')}`,
    todo: 'correct the name, or add the node to nodes',
  };
}

function noSuchTag(path: string, name: string): Problem {
  return {
    code: 'UNKNOWN_RESOURCE',
    path,
    what: `No hierarchy holds a resource ${name}`,
    why: 'a hierarchy is named by any tag in it, and no resource has this tag',
    todo: 'name it by a tag that it holds',
  };
}

function namedTwice(path: string, name: string, twin: string): Problem {
  return {
    code: 'HIERARCHY_NAMED_TWICE',
    path,
    what: `${name} and ${twin} are in one hierarchy, which is described twice`,
    why: 'they are connected through needs, so they move as one',
    todo: `join the two entries under ${[name, twin as Tag].sort()[0]}`,
  };
}
