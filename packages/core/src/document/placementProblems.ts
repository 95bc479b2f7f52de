import type { Problem } from '../problem.ts';
import type { WrittenHierarchy } from './writtenDocument.ts';

/** Wishes of placement that name nothing, the hierarchy itself, or another hierarchy both ways. */
export function placementProblems(given: {
  path: string;
  entry: WrittenHierarchy;
  /** The number of the hierarchy, and of that of each tag. */
  group: number | undefined;
  groupOf: ReadonlyMap<string, number>;
  tags: ReadonlySet<string>;
}): Problem[] {
  const { path, entry, group, groupOf, tags } = given;
  const problems: Problem[] = [];
  const kinds = new Map<number, string>();
  for (const [index, { with: tag, kind }] of entry.placement.entries()) {
    const at = `${path}.placement.${index}`;
    const other = groupOf.get(tag);
    if (other === undefined) {
      if (!tags.has(tag)) problems.push(unknown(at, tag));
      continue;
    }
    if (other === group) problems.push(itself(at, tag));
    const before = kinds.get(other);
    if (before !== undefined && before !== kind) problems.push(bothWays(at, tag));
    kinds.set(other, kind);
  }
  return problems;
}

function unknown(path: string, tag: string): Problem {
  return {
    code: 'UNKNOWN_RESOURCE',
    path,
    what: `No hierarchy holds a resource ${tag}`,
    why: 'a placement names another hierarchy by any tag in it, and no resource has this tag',
    todo: 'name it by a tag that it holds',
  };
}

function itself(path: string, tag: string): Problem {
  return {
    code: 'PLACEMENT_NEVER_ACTS',
    path,
    what: 'A hierarchy is placed relative to itself',
    why: `${tag} is in it, and a hierarchy is in service on one node`,
    todo: 'name a tag of another hierarchy',
  };
}

function bothWays(path: string, tag: string): Problem {
  return {
    code: 'PLACEMENT_NEVER_ACTS',
    path,
    what: `A hierarchy is to be together with that of ${tag}, and apart from it`,
    why: 'one of the two wishes is always broken',
    todo: 'choose one of the two',
  };
}
