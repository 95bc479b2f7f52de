import { arrange } from '../plan/arrange.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { StepId } from '../vocabulary.ts';
import type { Worksheet } from './worksheet.ts';

/** One plan for each group of steps that wait for each other or belong to one hierarchy. */
export function splitIntoPlans({ configuration, view, choices }: Worksheet): readonly Plan[] {
  const steps = arrange(configuration.graph, [...choices.values()].flat());
  const groupOf = new Map<StepId, Step[]>();
  const join = (a: Step[], b: Step[]): Step[] => {
    if (a === b) return a;
    const [small, large] = a.length < b.length ? [a, b] : [b, a];
    for (const step of small) {
      large.push(step);
      groupOf.set(step.id, large);
    }
    return large;
  };
  const hierarchyOf = new Map(
    configuration.hierarchies.flatMap(({ tags }, index) => tags.map((tag) => [tag, index] as const)),
  );
  const firstOf = new Map<number, StepId>();
  for (const step of steps) {
    let group: Step[] = [step];
    groupOf.set(step.id, group);
    const hierarchy = hierarchyOf.get(step.tag)!;
    const mate = firstOf.get(hierarchy);
    if (mate === undefined) firstOf.set(hierarchy, step.id);
    for (const id of mate === undefined ? step.after : [mate, ...step.after])
      group = join(group, groupOf.get(id)!);
  }
  const place = new Map(steps.map(({ id }, index) => [id, index]));
  return [...new Set(groupOf.values())].map((group) => ({
    goal: { kind: 'as-wanted' },
    basedOn: view.basedOn,
    steps: group.sort((a, b) => place.get(a.id)! - place.get(b.id)!),
    notes: [],
  }));
}
