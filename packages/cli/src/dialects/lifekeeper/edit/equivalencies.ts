import type { Status } from '@holdfast/core';
import { type LcdiCode, lcdiCodes } from '../lcdi/codes.ts';
import { type Edit, noSuchTag, refused } from './changeDocument.ts';
import { type Draft, nodeNames } from './document.ts';

export type Ends = Readonly<{ system: string; tag: string; other: string; otherTag: string; kind: string }>;

/** Priorities of a resource's hierarchy as they hold now, written or by the order of the nodes. */
export function rankOf({ resources, hierarchies }: Status, tag: string): Record<string, number> {
  const id = resources.find((resource) => resource.tag === tag)?.hierarchy;
  const nodes = hierarchies.find((hierarchy) => hierarchy.id === id)?.nodes ?? [];
  return Object.fromEntries(nodes.map(({ node, priority }) => [node, priority]));
}

/** Why two ends make no equivalency here; undefined when they do. */
export async function endsProblem(draft: Draft, ends: Ends): Promise<Edit | undefined> {
  const { system, tag, other, otherTag, kind } = ends;
  const wrong = (what: string, why: string, todo: string, code: LcdiCode = lcdiCodes.badArgument): Edit =>
    refused(code, { code: 'NO_EQUIVALENCY', what, why, todo });
  if (kind !== 'SHARED')
    return wrong(`There is no equivalency ${kind}`, 'the only kind is SHARED', 'use -e SHARED');
  if (!Object.hasOwn(draft.resources, tag)) return noSuchTag(tag, Object.keys(draft.resources));
  if (otherTag !== tag) {
    return wrong(
      `${tag} cannot be ${otherTag} on another system`,
      'a resource is described once and has one tag everywhere',
      `use -o ${tag}; what differs on a node is written under its nodes`,
    );
  }
  if (system === other)
    return wrong(`${system} is no other system`, 'an equivalency joins two', 'name the other: -S');
  const unknown = [system, other].find((name) => !nodeNames(draft).includes(name));
  if (unknown === undefined) return undefined;
  return wrong(
    `There is no node ${unknown}`,
    `the configuration lists ${nodeNames(draft).join(', ')}`,
    `add it: sys_create -s ${unknown}`,
    lcdiCodes.missing,
  );
}
