import type { SaidPlan } from '@holdfast/core';

/**
 * What clients lose by a plan, for the question before it: the resources that are removed, the last of the dependants
 * first. Empty when nothing is taken down, and then nobody needs to be asked.
 */
export function takesDown({ steps }: Pick<SaidPlan, 'steps'>): readonly string[] {
  return [...new Set(steps.flatMap(({ action, tag }) => (action === 'remove' ? [tag] : [])))];
}

/** The question before a plan that takes something down; undefined when it does not. */
export function questionBefore(plan: Pick<SaidPlan, 'steps'>): string | undefined {
  const going = takesDown(plan);
  if (going.length === 0) return undefined;
  const named =
    going.length > 3 ? `${going.slice(0, 3).join(', ')} and ${going.length - 3} more` : going.join(', ');
  const up = new Set(plan.steps.flatMap(({ action, tag }) => (action === 'restore' ? [tag] : [])));
  const isBrief = going.every((tag) => up.has(tag));
  return `This takes ${named} out of service${isBrief ? ' until it is restored again' : ''}. Go on?`;
}
