import type { ResourceGraph } from '../graph/resourceGraph.ts';
import { byTag } from '../graph/resourceGraph.ts';
import { inOrder, order } from '../plan/arrange.ts';
import type { Step } from '../plan/plan.ts';
import type { StepId } from '../vocabulary.ts';

/** A step that some node wanted, and the turn in which it did. */
export type Forecasted = Readonly<{ step: Step; turn: number }>;

/**
 * Puts the steps of all nodes and turns in one order, by the rules by which each plan was arranged, and one more: what
 * is removed because another of a list has come waits for that one. Answers them with what each waits for.
 */
export function arrangeForecast(graph: ResourceGraph, done: readonly Forecasted[]): readonly Step[] {
  const turnOf = new Map<StepId, number>();
  for (const { step, turn } of done) {
    if (turnOf.has(step.id)) throw new Error(`two turns want the step ${step.id}`);
    turnOf.set(step.id, turn);
  }
  const choices = done.map(({ step }) => step);
  const arranged = (isHeld?: (waiting: StepId, awaited: StepId) => boolean) =>
    order(graph, choices, isHeld).map((step) => waitForOthersOfList(graph, step, turnOf));
  // `after` binds only what goes the same way at the same time: where it would make a circle over several turns, a
  // step does not wait for one that was wanted later.
  const isEarlier = (waiting: StepId, awaited: StepId) => turnOf.get(awaited)! <= turnOf.get(waiting)!;
  return inOrder(arranged()) ?? inTurns(arranged(isEarlier), isEarlier);
}

function waitForOthersOfList(graph: ResourceGraph, step: Step, turnOf: ReadonlyMap<StepId, number>): Step {
  if (step.action !== 'remove') return step;
  const idOf = (action: Step['action'], tag: Step['tag']) => `${step.node}:${action}:${tag}` as StepId;
  const turn = turnOf.get(step.id)!;
  const others = graph
    .parentsOf(step.tag)
    .filter((parent) => !turnOf.has(idOf('remove', parent)))
    .flatMap((parent) =>
      graph
        .needsAnyOf(parent)
        .filter((one) => graph.needsAnyOf(parent).includes(step.tag) && one !== step.tag),
    )
    .flatMap((one) => [idOf('restore', one), idOf('recover', one)])
    .filter((id) => (turnOf.get(id) ?? turn) < turn);
  return others.length === 0
    ? step
    : { ...step, after: [...new Set([...step.after, ...others])].sort(byTag) };
}

function inTurns(
  steps: readonly Step[],
  isEarlier: (waiting: StepId, awaited: StepId) => boolean,
): readonly Step[] {
  const ordered = inOrder(
    steps.map((step) => ({ ...step, after: step.after.filter((awaited) => isEarlier(step.id, awaited)) })),
  );
  if (ordered === undefined) throw new Error('steps of one turn wait for each other');
  return ordered;
}
