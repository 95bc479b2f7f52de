import { nearest } from '../document/nearest.ts';
import { isKnownNode, unknownNode } from '../document/readHierarchies.ts';
import { isMap, type Names } from '../document/salvage.ts';
import type { Problem } from '../problem.ts';
import type { NodeName } from '../vocabulary.ts';

/** Every node and tag that states, intent and events name and the world does not have, whatever else is wrong there. */
export function unknownNames({ states, intent, events }: Record<string, unknown>, names: Names): Problem[] {
  const problems: Problem[] = [];
  for (const [node, standing] of entriesOf(states)) {
    askNode(`states.${node}`, node);
    for (const [tag] of entriesOf(standing)) askTag(`states.${node}.${tag}`, tag);
  }
  for (const [tag, wanted] of entriesOf(intent)) {
    askTag(`intent.${tag}`, tag);
    if (isMap(wanted)) askNode(`intent.${tag}.inService`, wanted.inService);
  }
  for (const [index, event] of (Array.isArray(events) ? events : []).entries()) {
    if (!isMap(event)) continue;
    askNode(`events.${index}.nodeDown`, event.nodeDown);
    askNode(`events.${index}.nodeReturns`, event.nodeReturns);
    askTag(`events.${index}.failed`, event.failed);
  }
  return problems;

  function askNode(path: string, node: unknown): void {
    if (typeof node !== 'string' || isKnownNode(node, names)) return;
    problems.push(unknownNode(path, node, [...names.nodes] as NodeName[]));
  }

  function askTag(path: string, tag: unknown): void {
    if (typeof tag !== 'string' || names.tags.has(tag)) return;
    const guess = nearest(tag, [...names.tags]);
    problems.push({
      code: 'UNKNOWN_RESOURCE',
      path,
      what: `There is no resource ${tag}`,
      why: 'resources describes none with this tag',
      todo:
        guess === undefined ? `describe ${tag} under resources, or take it out` : `did you mean ${guess}?`,
    });
  }
}

function entriesOf(value: unknown): [string, unknown][] {
  return isMap(value) ? Object.entries(value) : [];
}
