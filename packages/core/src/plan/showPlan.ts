import type { Plan } from './plan.ts';

/** A plan as text, a step a line: for tests, `--dry-run` and records. */
export function showPlan(plan: Plan): string {
  const nodes = new Set(plan.steps.map(({ node }) => node));
  const nameOf = new Map(
    plan.steps.map((step) => [step.id, nodes.size > 1 ? `${step.tag} on ${step.node}` : step.tag] as const),
  );
  const lines = plan.steps.map((step) => {
    const after =
      step.after.length === 0 ? '' : ` after ${step.after.map((id) => nameOf.get(id)).join(', ')}`;
    return `${step.action} ${nameOf.get(step.id)}${after}: ${step.because.says}`;
  });
  const notes = plan.notes.map(({ tag, because }) => `not ${tag}: ${because.says}`);
  return [...lines, ...notes].join('\n');
}
