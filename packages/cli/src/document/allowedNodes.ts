import type { SaidProblem, Status } from '@holdfast/core';
import { isPart, type Part } from './paths.ts';
import { entryOf } from './policyLevels.ts';

/** The nodes of a resource's hierarchy with their priorities as they hold now, written or by the order of the nodes. */
export function allowedNodes({ resources, hierarchies }: Status, tag: string): Record<string, number> {
  const id = resources.find((resource) => resource.tag === tag)?.hierarchy;
  const nodes = hierarchies.find((hierarchy) => hierarchy.id === id)?.nodes ?? [];
  return Object.fromEntries(nodes.map(({ node, priority }) => [node, priority]));
}

/** Says in the document which nodes the hierarchy may run on, in the entry that is about it. */
export function setAllowedNodes(
  document: Part,
  status: Status,
  tag: string,
  nodes: Record<string, number>,
): void {
  const name = entryOf(document, status, tag) ?? tag;
  const hierarchies = isPart(document.hierarchies) ? document.hierarchies : {};
  const entry = isPart(hierarchies[name]) ? hierarchies[name] : {};
  document.hierarchies = { ...hierarchies, [name]: { ...entry, nodes } };
}

/** The nodes that a document lists. */
export function listedNodes(document: Part): string[] {
  const nodes: readonly unknown[] = Array.isArray(document.nodes) ? document.nodes : [];
  return nodes.map((node) => (isPart(node) ? String(node.name) : String(node)));
}

export function notListed(node: string, nodes: readonly string[]): SaidProblem {
  return {
    code: 'UNKNOWN_NODE',
    path: node,
    what: `There is no node ${node}`,
    why: `the configuration lists ${nodes.join(', ')}`,
    todo: `correct the name, or add it: sys_create -s ${node}`,
  };
}

/** LifeKeeper's own steps: tens after the last one. */
export function nextPriority(nodes: Readonly<Record<string, number>>): number {
  return (Math.floor(Math.max(0, ...Object.values(nodes)) / 10) + 1) * 10;
}
