import { resolvePolicy } from '../policy.ts';
import type { Problem } from '../problem.ts';
import type { NodeName, Tag, TypeName } from '../vocabulary.ts';
import type { Resource, ResourceType, Settings } from './configuration.ts';
import { nearest } from './nearest.ts';
import { notBuilt } from './notBuilt.ts';
import { policyProblems } from './policyProblems.ts';
import { type FoundHierarchy, isKnownNode, unknownNode } from './readHierarchies.ts';
import type { Names } from './salvage.ts';
import { shapeProblems } from './shapeProblems.ts';
import type { WrittenDocument, WrittenResource } from './writtenDocument.ts';

type Reading = Readonly<{
  document: WrittenDocument;
  nodes: readonly NodeName[];
  names: Names;
  types: ReadonlyMap<TypeName, ResourceType>;
  hierarchies: readonly FoundHierarchy[];
}>;

/** Settles each resource: its needs exist, its type is known, its settings hold on every node. */
export function readResources(reading: Reading): {
  found: ReadonlyMap<Tag, Resource>;
  problems: readonly Problem[];
} {
  const hierarchyOf = new Map(
    reading.hierarchies.flatMap((found) => found.hierarchy.tags.map((tag) => [tag, found] as const)),
  );
  const found = new Map<Tag, Resource>();
  const problems: Problem[] = [];
  for (const [name, written] of Object.entries(reading.document.resources)) {
    const tag = name as Tag;
    problems.push(...needProblems(tag, written, reading.names));
    const read = readOne({ tag, written, hierarchy: hierarchyOf.get(tag), reading });
    problems.push(...read.problems);
    if (read.resource !== undefined) found.set(tag, read.resource);
  }
  problems.push(...twins(found));
  return { found, problems };
}

function readOne(given: {
  tag: Tag;
  written: WrittenResource;
  hierarchy: FoundHierarchy | undefined;
  reading: Reading;
}): { resource?: Resource; problems: readonly Problem[] } {
  const { tag, written, hierarchy, reading } = given;
  const path = `resources.${tag}`;
  const problems: Problem[] = [];
  for (const node of Object.keys(written.nodes)) {
    if (!isKnownNode(node, reading.names))
      problems.push(unknownNode(`${path}.nodes.${node}`, node, reading.nodes));
  }
  if (written.runs === 'every') problems.push(notBuilt(`${path}.runs`, 'An instance on every node'));

  const type = reading.types.get(written.type as TypeName);
  const above = [reading.document.policy, hierarchy?.written?.policy];
  problems.push(
    ...policyProblems({
      path: `${path}.policy`,
      written: written.policy,
      above,
      nodesAllowed: hierarchy?.hierarchy.nodes.length ?? reading.nodes.length,
      ...(type === undefined ? {} : { actions: type.actions }),
    }),
  );
  if (type === undefined) {
    problems.push(unknownType(path, written.type, [...reading.types.keys()]));
    return { problems };
  }

  const settings: Record<NodeName, Settings> = {};
  for (const node of reading.nodes) {
    const own = Object.hasOwn(written.nodes, node) ? written.nodes[node] : undefined;
    const input = { ...written.settings, ...own };
    const checked = type.settings.safeParse(input);
    if (checked.success) settings[node] = checked.data as Settings;
    // A fault in what all nodes share is reported once, not once a node.
    else if (own !== undefined || node === reading.nodes[0]) {
      const prefix = own === undefined ? `${path}.settings` : `${path}.nodes.${node}`;
      const place = { code: 'BAD_SETTING' as const, prefix, fields: type.fields };
      problems.push(...shapeProblems(checked.error, input, place));
    }
  }
  if (problems.length > 0) return { problems };
  const resource: Resource = {
    tag,
    type: type.type,
    settings,
    identity: type.identity(settings[reading.nodes[0]!]),
    needs: written.needs as Tag[],
    needsAny: written.needsAny as Tag[],
    after: written.after as Tag[],
    policy: resolvePolicy(...above, written.policy),
    actions: type.actions,
  };
  return { resource, problems };
}

function needProblems(tag: Tag, written: WrittenResource, { tags }: Names): Problem[] {
  return (['needs', 'needsAny', 'after'] as const).flatMap((list) =>
    written[list].flatMap((name, index): Problem[] => {
      if (tags.has(name)) return [];
      const guess = nearest(name, [...tags]);
      return [
        {
          code: 'UNKNOWN_NEED',
          path: `resources.${tag}.${list}.${index}`,
          what: `${tag} ${list === 'after' ? 'comes after' : 'needs'} ${name}, which the document does not describe`,
          why: `there is no resource with the tag ${name}`,
          todo: guess === undefined ? `describe ${name}, or take it out` : `did you mean ${guess}?`,
        },
      ];
    }),
  );
}

function twins(found: ReadonlyMap<Tag, Resource>): Problem[] {
  const first = new Map<string, Tag>();
  const problems: Problem[] = [];
  for (const { tag, type, identity } of found.values()) {
    const key = JSON.stringify([type, identity]);
    const twin = first.get(key);
    if (twin === undefined) first.set(key, tag);
    else {
      problems.push({
        code: 'SAME_IDENTITY',
        path: `resources.${tag}`,
        what: `${twin} and ${tag} protect the same ${type}: ${identity}`,
        why: 'what one of them removes, the other would find failed',
        todo: 'remove one of the two, and let those that need it need the other',
      });
    }
  }
  return problems;
}

function unknownType(path: string, type: string, known: readonly string[]): Problem {
  const guess = nearest(type, known);
  return {
    code: 'UNKNOWN_TYPE',
    path: `${path}.type`,
    what: `No kit serves the type ${type}`,
    why: `the types of the loaded kits are ${[...known].sort().join(', ') || '(none)'}`,
    todo:
      guess === undefined
        ? 'name one of these types, or load the kit in agent.yaml'
        : `did you mean ${guess}?`,
  };
}
