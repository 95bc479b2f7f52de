import {
  afterStep,
  basisOf,
  beforeStep,
  type Configuration,
  type Decision,
  decide,
  type HierarchyId,
  type Step,
  type Tag,
  type View,
} from '@holdfast/core';

/** The view after all that was decided was done, and every step succeeded. */
export function afterAll(configuration: Configuration, view: View, decision: Decision): View {
  const held = withClaims(view, decision);
  return decision.plans
    .flatMap(({ steps }) => steps)
    .reduce((now, step) => afterOne(configuration, now, step, 'done'), held);
}

/** The view after one step, as the engine would record it. */
function afterOne(
  configuration: Configuration,
  view: View,
  { tag, action }: Step,
  result: 'done' | 'failed',
): View {
  const now = view.now + 1;
  const { within } = configuration.resources.get(tag)!.policy.localRecovery;
  const record = afterStep({
    record: beforeStep(view.states[view.node]![tag]!, action, within, now),
    action,
    result,
    evidence: `${action} of ${tag} ${result}`,
    todo: '',
    finding: undefined,
    at: now,
    intentRevision: view.intents[tag]?.revision ?? 0,
    basis: basisOf(configuration, view, view.node, tag),
  });
  return { ...view, now, states: { [view.node]: { ...view.states[view.node], [tag]: record } } };
}

/**
 * Decides and does until there is nothing left to do; undefined when that takes more turns than it may. `fails`
 * names what can never be restored or recovered.
 */
export function settle(
  configuration: Configuration,
  view: View,
  given: { turns: number; fails?: (tag: Tag) => boolean; each?: (view: View, decision: Decision) => void },
): View | undefined {
  let now = view;
  for (let turn = 0; turn < given.turns; turn += 1) {
    const decision = decide(configuration, now);
    given.each?.(now, decision);
    if (isNothing(decision)) return now;
    now = doWith(configuration, now, decision, given.fails ?? (() => false));
  }
  return undefined;
}

/** What waits for a step that failed is not begun. */
function doWith(
  configuration: Configuration,
  view: View,
  decision: Decision,
  fails: (tag: Tag) => boolean,
): View {
  const failed = new Set<string>();
  let now = withClaims(view, decision);
  for (const step of decision.plans.flatMap(({ steps }) => steps)) {
    if (step.after.some((id) => failed.has(id))) failed.add(step.id);
    else if (step.action !== 'remove' && fails(step.tag)) {
      failed.add(step.id);
      now = afterOne(configuration, now, step, 'failed');
    } else now = afterOne(configuration, now, step, 'done');
  }
  return now;
}

export function isNothing({ take, release, givesUp, plans }: Decision): boolean {
  return take.length === 0 && release.length === 0 && givesUp.length === 0 && plans.length === 0;
}

/** Claims, and failures to remember, as the store would have them after the decision's own transactions. */
export function withClaims(view: View, { take, release, givesUp }: Decision): View {
  const claims: Record<HierarchyId, View['claims'][HierarchyId]> = { ...view.claims };
  for (const id of release) claims[id] = { ...claims[id]!, clean: true };
  for (const id of take)
    claims[id] = { node: view.node, boot: view.boot, epoch: (claims[id]?.epoch ?? 0) + 1, clean: false };
  const failedOn: Record<HierarchyId, NonNullable<View['failedOn']>[HierarchyId]> = { ...view.failedOn };
  for (const { id, failure } of givesUp) failedOn[id] = { ...failedOn[id], [view.node]: failure };
  return { ...view, claims, failedOn };
}

/** The view after the operator said what is wanted of these. */
export function withIntents(view: View, tags: readonly Tag[], want: 'inService' | 'outOfService'): View {
  const intents = { ...view.intents };
  for (const tag of tags) intents[tag] = { ...intents[tag]!, want, revision: intents[tag]!.revision + 1 };
  return { ...view, intents };
}
