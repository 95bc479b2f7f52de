import type { ResourceStatus } from '@holdfast/core';

/** All that depends on a resource, directly or not. */
export function parentsAbove(resources: readonly ResourceStatus[], tag: string): ResourceStatus[] {
  const reached = new Set([tag]);
  const found: ResourceStatus[] = [];
  for (const below of reached) {
    for (const resource of resources) {
      const needs = [...resource.needs, ...resource.needsAny];
      if (!needs.includes(below) || reached.has(resource.tag)) continue;
      reached.add(resource.tag);
      found.push(resource);
    }
  }
  return found;
}
