import { type Status, type WrittenPolicy, writtenPolicy } from '@holdfast/core';
import { isPart, type Part } from './paths.ts';

/** The policies that hold for a resource, and the name under which the document describes its hierarchy. */
export type PolicyLevels = Readonly<{
  cluster: WrittenPolicy;
  hierarchy: WrittenPolicy;
  resource: WrittenPolicy;
  /** Undefined where the document says nothing of the hierarchy. */
  hierarchyName: string | undefined;
}>;

/** What the document in force says, level by level; who is in one hierarchy is known from the status. */
export function policyLevels(document: Part, status: Status, tag: string | undefined): PolicyLevels {
  const resources = isPart(document.resources) ? document.resources : {};
  const hierarchies = isPart(document.hierarchies) ? document.hierarchies : {};
  const hierarchyName = tag === undefined ? undefined : entryOf(document, status, tag);
  return {
    cluster: policyOf(document),
    hierarchy: hierarchyName === undefined ? {} : policyOf(hierarchies[hierarchyName]),
    resource: tag === undefined ? {} : policyOf(resources[tag]),
    hierarchyName,
  };
}

/** The entry under `hierarchies` that is about the hierarchy of a tag: it is named by any tag in it. */
export function entryOf(document: Part, status: Status, tag: string): string | undefined {
  const members = status.hierarchies.find(({ tags }) => tags.includes(tag))?.tags ?? [tag];
  const hierarchies = isPart(document.hierarchies) ? document.hierarchies : {};
  return Object.keys(hierarchies).find((name) => members.includes(name));
}

/** It was checked when it was applied; a kept document of another version that does not read says nothing here. */
function policyOf(part: unknown): WrittenPolicy {
  const read = writtenPolicy.safeParse(isPart(part) ? (part.policy ?? {}) : {});
  return read.success ? read.data : {};
}
