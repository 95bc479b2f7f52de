import type { Configuration } from '../document/configuration.ts';
import type { Problem } from '../problem.ts';
import { isInService, isOut, type NodeName, type StepId, type Tag } from '../vocabulary.ts';
import type { Plan, Step } from './plan.ts';
import type { StateOf } from './reach.ts';

/**
 * Proves that a plan is sound, whoever made it, by other means than the planner's: whatever order the steps are
 * done in that respects `after`, nothing is restored before all that it needs is in service there, and nothing is
 * removed before all that needs it is out. Answers what would break.
 */
export function checkPlan(
  plan: Plan,
  configuration: Configuration,
  stateOn: (node: NodeName) => StateOf,
): Problem[] {
  const { graph } = configuration;
  const ids = new Set(plan.steps.map(({ id }) => id));
  const problems: Problem[] = [];
  const unsound = (step: Step, why: string) =>
    problems.push({
      code: 'UNSOUND_PLAN',
      path: step.id,
      what: `The step ${step.id} is out of order`,
      why,
      todo: 'report this: it is a fault in Holdfast',
    });
  if (ids.size !== plan.steps.length) return [twice(plan)];

  const standing = new Map<StepId, Step>();
  const byPlace = new Map<string, Step[]>();
  for (const step of plan.steps) {
    for (const id of step.after) {
      if (!standing.has(id)) unsound(step, `it waits for ${id}, which does not stand before it`);
    }
    standing.set(step.id, step);
    const place = `${step.node}\n${step.tag}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), step]);
  }
  // Whatever follows asks who waits for whom, and a loop has no answer to that.
  if (problems.length > 0) return problems;
  for (const step of plan.steps) (step.action === 'remove' ? checkRemove : checkRestore)(step);
  return problems;

  function stepsOf(node: NodeName, tag: Tag, actions: readonly Step['action'][]): Step[] {
    return (byPlace.get(`${node}\n${tag}`) ?? []).filter(({ action }) => actions.includes(action));
  }

  /** At once, or through others. The planners wait at once for nearly all that they wait for, so that is asked first. */
  function waitsFor(step: Step, id: StepId): boolean {
    if (step.after.includes(id)) return true;
    const seen = new Set<StepId>(step.after);
    for (const earlier of seen) for (const one of standing.get(earlier)!.after) seen.add(one);
    return seen.has(id);
  }

  /** In service when the step begins, in every order that the plan allows. */
  function isUpBefore(step: Step, child: Tag): boolean {
    const ups = stepsOf(step.node, child, ['restore', 'recover']);
    const downs = stepsOf(step.node, child, ['remove']);
    if (ups.length > 0) return ups.every(({ id }) => waitsFor(step, id));
    return downs.length === 0 && isInService(stateOn(step.node)(child));
  }

  function checkRestore(step: Step): void {
    const missing = graph.needsOf(step.tag).filter((child) => !isUpBefore(step, child));
    for (const child of missing) unsound(step, `it needs ${child}, which need not be in service by then`);
    const choices = graph.needsAnyOf(step.tag);
    if (choices.length > 0 && !choices.some((child) => isUpBefore(step, child))) {
      unsound(step, `it needs any of ${choices.join(', ')}, and none need be in service by then`);
    }
    for (const earlier of graph.earlierThan(step.tag)) {
      for (const up of stepsOf(step.node, earlier, ['restore', 'recover'])) {
        if (!waitsFor(step, up.id))
          unsound(step, `it comes after ${earlier}, whose step it does not wait for`);
      }
    }
    for (const down of stepsOf(step.node, step.tag, ['remove'])) {
      if (!waitsFor(step, down.id)) unsound(step, 'it does not wait for its own remove');
    }
    for (const other of configuration.nodes) {
      if (other !== step.node && !isGoneBefore(step, other))
        unsound(step, `it need not be removed on ${other} by then`);
    }
  }

  /** Out on another node when the step begins. Where that node's state is not known, the claim decides, not the plan. */
  function isGoneBefore(step: Step, other: NodeName): boolean {
    const downs = stepsOf(other, step.tag, ['remove']);
    if (downs.length > 0) return downs.every(({ id }) => waitsFor(step, id));
    const state = stateOn(other)(step.tag);
    return isOut(state) || state === 'ILLSTATE';
  }

  function checkRemove(step: Step): void {
    for (const parent of graph.parentsOf(step.tag)) {
      if (isOut(stateOn(step.node)(parent))) continue;
      const downs = stepsOf(step.node, parent, ['remove']);
      if (downs.length > 0 && downs.every(({ id }) => waitsFor(step, id))) continue;
      const others = graph.needsAnyOf(parent).filter((child) => child !== step.tag);
      const staysUp = (child: Tag) =>
        stepsOf(step.node, child, ['remove']).length === 0 && isInService(stateOn(step.node)(child));
      if (!graph.needsOf(parent).includes(step.tag) && downs.length === 0 && others.some(staysUp)) continue;
      unsound(step, `${parent} needs it, and need not be out by then`);
    }
    for (const later of graph.laterThan(step.tag)) {
      for (const down of stepsOf(step.node, later, ['remove'])) {
        if (!waitsFor(step, down.id)) unsound(step, `${later} comes after it, and is not removed before it`);
      }
    }
  }
}

function twice(plan: Plan): Problem {
  const ids = plan.steps.map(({ id }) => id);
  const twin = ids.find((id, index) => ids.indexOf(id) !== index)!;
  return {
    code: 'UNSOUND_PLAN',
    path: twin,
    what: `The step ${twin} stands twice in the plan`,
    why: 'each step is done once',
    todo: 'report this: it is a fault in Holdfast',
  };
}
