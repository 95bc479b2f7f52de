import type { ResourceStatus, Status } from '@holdfast/core';
import { appAndTypeOf, idOf } from '../names.ts';

export type Choice = Readonly<{
  /** Tags of roots: each with all below it. */
  tops?: readonly string[];
  app?: string | undefined;
  type?: string | undefined;
  tag?: string | undefined;
  id?: string | undefined;
}>;

/** The resources for which all that was given holds. An ID is LifeKeeper's or ours. */
export function findInstances(status: Status, choice: Choice): ResourceStatus[] {
  const below = choice.tops === undefined ? undefined : withAllBelow(status.resources, choice.tops);
  return status.resources.filter((resource) => {
    const { app, type } = appAndTypeOf(resource);
    return (
      (below === undefined || below.has(resource.tag)) &&
      (choice.app === undefined || choice.app === app) &&
      (choice.type === undefined || choice.type === type || choice.type === resource.type) &&
      (choice.tag === undefined || choice.tag === resource.tag) &&
      (choice.id === undefined || choice.id === idOf(resource) || choice.id === resource.identity)
    );
  });
}

function withAllBelow(resources: readonly ResourceStatus[], tops: readonly string[]): ReadonlySet<string> {
  const byTag = new Map(resources.map((resource) => [resource.tag, resource]));
  const reached = new Set(tops);
  for (const tag of reached) {
    const { needs = [], needsAny = [] } = byTag.get(tag) ?? {};
    for (const child of [...needs, ...needsAny]) reached.add(child);
  }
  return reached;
}
