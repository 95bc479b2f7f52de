import type { Plan, Step } from './plan.ts';

/** A plan as text, a step a line: for tests, `--dry-run` and records. */
export function showPlan(plan: Plan): string {
  const nodes = new Set(plan.steps.map(({ node }) => node));
  const nameOf = (step: Step) => (nodes.size > 1 ? `${step.tag} on ${step.node}` : step.tag);
  const byId = new Map(plan.steps.map((step) => [step.id, step]));
  const lines = plan.steps.map((step) => {
    const awaited = step.after.map((id) => {
      const earlier = byId.get(id);
      if (earlier === undefined) return id;
      // A restart has two steps of one name.
      return earlier.tag === step.tag && earlier.node === step.node
        ? `its ${earlier.action}`
        : nameOf(earlier);
    });
    const after = awaited.length === 0 ? '' : ` after ${awaited.join(', ')}`;
    return `${step.action} ${nameOf(step)}${after}: ${step.because.says}`;
  });
  const notes = plan.notes.map(({ tag, because }) => `not ${tag}: ${because.says}`);
  return [...lines, ...notes].join('\n');
}
