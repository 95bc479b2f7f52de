import type { Plan, Step, StepId } from '@holdfast/core';

/** One order in which a plan could be carried out; each number picks one of the steps that could begin. */
export function oneOrder(plan: Plan, picks: Iterable<number>): readonly Step[] {
  const stream = picks[Symbol.iterator]();
  const left = [...plan.steps];
  const done = new Set<StepId>();
  const order: Step[] = [];
  while (left.length > 0) {
    const ready = left.filter(({ after }) => after.every((id) => done.has(id)));
    if (ready.length === 0) throw new Error('steps wait for each other');
    const next = ready[(stream.next().value ?? 0) % ready.length]!;
    left.splice(left.indexOf(next), 1);
    done.add(next.id);
    order.push(next);
  }
  return order;
}

/** Every order in which a plan could be carried out. For small plans alone: there may be a factorial of them. */
export function* everyOrder(
  steps: readonly Step[],
  done: ReadonlySet<StepId> = new Set(),
): Generator<readonly Step[]> {
  if (steps.length === 0) yield [];
  for (const step of steps) {
    if (!step.after.every((id) => done.has(id))) continue;
    for (const rest of everyOrder(
      steps.filter((other) => other !== step),
      new Set([...done, step.id]),
    ))
      yield [step, ...rest];
  }
}
