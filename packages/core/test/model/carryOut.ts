import type { Configuration, NodeName, State, StateOf, Step, StepId, Tag } from '@holdfast/core';

/** Where everything stands, on each node that the plan is about. */
export type Places = Map<NodeName, Map<Tag, State>>;

export function placesOf(
  configuration: Configuration,
  stateOn: (node: NodeName) => StateOf,
  nodes: readonly NodeName[] = configuration.nodes,
): Places {
  const tags = [...configuration.resources.keys()];
  return new Map(nodes.map((node) => [node, new Map(tags.map((tag) => [tag, stateOn(node)(tag)]))]));
}

/**
 * Does the steps one after the other and says what the first of them would break. It knows the rules from the
 * design's invariants alone and shares nothing with the planners or with checkPlan: needs and needsAny as the
 * document lists them, and states as they change. `after`, which is order only, can be left out of it.
 */
export function carryOut(
  steps: readonly Step[],
  configuration: Configuration,
  before: Places,
  { isOrderOnlyHeld = true }: { isOrderOnlyHeld?: boolean } = {},
): { broken: string | undefined; after: Places } {
  const places: Places = new Map([...before].map(([node, states]) => [node, new Map(states)]));
  const done = new Set<StepId>();
  for (const step of steps) {
    const broken = whatBreaks(step);
    if (broken !== undefined) return { broken: `${step.id}: ${broken}`, after: places };
    places.get(step.node)!.set(step.tag, step.action === 'remove' ? 'OSU' : 'ISP');
    done.add(step.id);
  }
  return { broken: undefined, after: places };

  function whatBreaks(step: Step): string | undefined {
    const early = step.after.find((id) => !done.has(id));
    if (early !== undefined) return `${early} is not done`;
    return step.action === 'remove' ? whatRemoveBreaks(step) : whatRestoreBreaks(step);
  }

  function whatRestoreBreaks({ node, tag }: Step): string | undefined {
    const { needs, needsAny, after } = configuration.resources.get(tag)!;
    const isUp = (child: Tag) => serves(places.get(node)!.get(child));
    const missing = needs.find((child) => !isUp(child));
    if (missing !== undefined) return `${missing} is not in service`;
    if (needsAny.length > 0 && !needsAny.some(isUp)) return `none of ${needsAny.join(', ')} is in service`;
    const mayRun = (state: State | undefined) => serves(state) || state === 'OSF';
    const twin = [...places].find(([other, states]) => other !== node && mayRun(states.get(tag)));
    if (twin !== undefined) return `it is not out on ${twin[0]}`;
    const early = steps.find(
      (other) =>
        isOrderOnlyHeld &&
        other.node === node &&
        after.includes(other.tag) &&
        other.action !== 'remove' &&
        !done.has(other.id),
    );
    if (early !== undefined) return `it comes after ${early.tag}`;
    const own = steps.find(
      (other) => other.node === node && other.tag === tag && other.action === 'remove' && !done.has(other.id),
    );
    return own === undefined ? undefined : 'it is not removed yet';
  }

  function whatRemoveBreaks({ node, tag }: Step): string | undefined {
    const states = places.get(node)!;
    for (const [parent, { needs, needsAny, after }] of configuration.resources) {
      const isLater =
        isOrderOnlyHeld &&
        after.includes(tag) &&
        steps.some(
          (other) =>
            other.node === node && other.tag === parent && other.action === 'remove' && !done.has(other.id),
        );
      if (isLater) return `${parent} comes after it`;
      if (states.get(parent) === 'OSU') continue;
      if (needs.includes(tag)) return `${parent} needs it`;
      if (needsAny.includes(tag) && !needsAny.some((other) => other !== tag && serves(states.get(other))))
        return `${parent} has no other`;
    }
    return undefined;
  }
}

export function serves(state: State | undefined): boolean {
  return state === 'ISP' || state === 'ISU';
}
