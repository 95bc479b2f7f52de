import type { Configuration } from '../document/configuration.ts';
import { isInService, isOut } from '../vocabulary.ts';
import type { Step } from './plan.ts';
import { canDoWithout, type StateOf } from './reach.ts';

/**
 * Whether a step that was sound when it was planned is sound now, right before it begins: a child may have failed
 * since, or a parent may have been found running. Says why not; undefined when it may begin.
 */
export function whyNotNow(
  { graph }: Configuration,
  { action, tag }: Pick<Step, 'action' | 'tag'>,
  stateOf: StateOf,
): string | undefined {
  if (action === 'remove') {
    const parent = graph
      .parentsOf(tag)
      .find((one) => !isOut(stateOf(one)) && !canDoWithout(graph, one, new Set([tag]), stateOf));
    return parent === undefined ? undefined : `${parent} rests on it and is ${stateOf(parent)}`;
  }
  const lacking = graph.needsOf(tag).find((child) => !isInService(stateOf(child)));
  if (lacking !== undefined) return `it needs ${lacking}, which is ${stateOf(lacking)}`;
  const any = graph.needsAnyOf(tag);
  if (any.length === 0 || any.some((child) => isInService(stateOf(child)))) return undefined;
  return `it needs any of ${any.join(', ')}, and none is in service`;
}
