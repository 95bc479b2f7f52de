import type { Configuration, Resource } from '../document/configuration.ts';
import { arrange } from '../plan/arrange.ts';
import { type Choice, type Note, type Plan, type Reason, reason, type Step } from '../plan/plan.ts';
import { canDoWithout, reachOfRemove } from '../plan/reach.ts';
import { type HierarchyId, isInService, isOut, type State, type StepId, type Tag } from '../vocabulary.ts';
import { basisOf } from './basisOf.ts';
import { chooseOwner } from './chooseOwner.ts';
import { judgeRecovery } from './judgeRecovery.ts';
import type { Intent, StateRecord, View } from './view.ts';

/** What one node should do now. Empty when the world is as wanted, or nothing can be done about it. */
export type Decision = Readonly<{
  /** Claims to take before anything of the hierarchy is restored. */
  take: readonly HierarchyId[];
  /** Claims to mark clean: nothing of the hierarchy runs here any more, and nothing is wanted. */
  release: readonly HierarchyId[];
  /** Each can be carried out without regard to the others. */
  plans: readonly Plan[];
  /** What is not as wanted and is left, with the reason. */
  blocked: readonly Note[];
}>;

/** A resource that the view says nothing of has not been checked yet. */
const notKnownYet: StateRecord = {
  state: 'ILLSTATE',
  reason: 'not checked yet',
  since: 0,
  conditions: [],
  rises: 0,
  repairs: [],
};
const nobodyAsked: Intent = { want: 'outOfService', revision: 0, by: 'nobody', at: 0, args: [] };

/**
 * Decides for the node of the view, from the view alone: deciding twice gives the same, and deciding on a world
 * that is as wanted gives nothing.
 */
export function decide(configuration: Configuration, view: View): Decision {
  const { graph } = configuration;
  const choices = new Map<Tag, Choice[]>();
  const blocked: Note[] = [];
  const take: HierarchyId[] = [];
  const release: HierarchyId[] = [];
  const busy = new Set(view.busy);
  const recordOf = (tag: Tag): StateRecord => view.states[view.node]?.[tag] ?? notKnownYet;
  const stateOf = (tag: Tag): State => recordOf(tag).state;
  const intentOf = (tag: Tag): Intent => view.intents[tag] ?? nobodyAsked;
  const block = (tag: Tag, because: Reason) => blocked.push({ tag, because });
  const choose = (tag: Tag, action: Choice['action'], because: Reason) =>
    choices.set(tag, [...(choices.get(tag) ?? []), { node: view.node, tag, action, because }]);

  for (const hierarchy of configuration.hierarchies) {
    const record = view.hierarchies.find(({ tags }) => tags.includes(hierarchy.tags[0]!));
    if (record === undefined) continue;
    const { id } = record;
    const claim = view.claims[id];
    const isMine =
      claim !== undefined && !claim.clean && claim.node === view.node && claim.boot === view.boot;
    const wanted = hierarchy.tags.filter((tag) => intentOf(tag).want === 'inService');
    const running = hierarchy.tags.filter((tag) => !isOut(stateOf(tag)));

    if (hierarchy.tags.some((tag) => busy.has(tag))) {
      for (const tag of hierarchy.tags) {
        const settled = intentOf(tag).want === 'inService' ? isInService(stateOf(tag)) : isOut(stateOf(tag));
        if (!settled && !busy.has(tag))
          block(tag, reason('busy', 'an operation on its hierarchy is under way'));
      }
      continue;
    }
    if (isMine) {
      decideForOwned(hierarchy.tags);
      if (wanted.length === 0 && running.length === 0) release.push(id);
      continue;
    }
    if (
      claim !== undefined &&
      !claim.clean &&
      claim.node === view.node &&
      wanted.length === 0 &&
      running.length === 0
    ) {
      // Left by an earlier boot or a crash: this node checked all of it, and nothing runs.
      release.push(id);
      continue;
    }
    const owner = chooseOwner(hierarchy, claim, view);
    if (wanted.length > 0 && owner === view.node) take.push(id);
    else if (wanted.length > 0 && owner === undefined) {
      for (const tag of wanted) block(tag, reason('owned-elsewhere', 'no node that may run it is alive'));
    } else if (owner !== view.node || wanted.length === 0)
      removeStrangers(running, claim !== undefined && claim.node !== view.node && !claim.clean);
  }
  return { take, release, plans: split(configuration, view, choices), blocked };

  /** Nothing may run here that another node has the claim of; without any claim, it goes as nobody wants it. */
  function removeStrangers(running: readonly Tag[], isElsewhere: boolean): void {
    const why = isElsewhere
      ? reason('owned-elsewhere', 'another node has the claim')
      : reason('not-wanted', 'not wanted in service');
    for (const tag of reachOfRemove(graph, running, stateOf)) chooseRemove(tag, why);
  }

  function chooseRemove(tag: Tag, because: Reason): void {
    const { failure, state } = recordOf(tag);
    if (isOut(state) || choices.get(tag)?.some(({ action }) => action === 'remove')) return;
    if (isStuck(tag)) block(tag, reason('remove-failed', `remove failed: ${failure?.evidence}`));
    else choose(tag, 'remove', because);
  }

  /** Its remove failed, and nobody has asked again since: a person must look. */
  function isStuck(tag: Tag): boolean {
    const { failure } = recordOf(tag);
    return failure?.kind === 'remove' && failure.intentRevision === intentOf(tag).revision;
  }

  function decideForOwned(tags: readonly Tag[]): void {
    const members = new Set(tags);
    const childrenFirst = graph.childrenFirst().filter((tag) => members.has(tag));
    const goes = (tag: Tag) => choices.get(tag)?.some(({ action }) => action === 'remove') ?? false;

    // What must go, parents first: a child can go only when nothing above it stays.
    for (const tag of [...childrenFirst].reverse()) {
      if (intentOf(tag).want === 'inService' || isOut(stateOf(tag))) continue;
      const going = new Set([tag, ...[...choices.keys()].filter(goes)]);
      const stays = graph
        .parentsOf(tag)
        .find(
          (parent) =>
            !isOut(stateOf(parent)) && !goes(parent) && !canDoWithout(graph, parent, going, stateOf),
        );
      if (stays === undefined)
        chooseRemove(tag, reason('not-wanted', `taken out of service by ${intentOf(tag).by}`));
      else block(tag, reason('still-needed', `${stays} still rests on it`, stays));
    }

    // What must come, children first: a parent can come only when what it needs is there or coming.
    const coming = new Set<Tag>();
    const restarts: Tag[] = [];
    for (const tag of childrenFirst) {
      const record = recordOf(tag);
      if (intentOf(tag).want !== 'inService') continue;
      if (isInService(record.state)) {
        coming.add(tag);
        continue;
      }
      const missing = missingBelow(tag, coming, goes);
      if (missing !== undefined) {
        block(tag, reason('waits-for', `it needs ${missing}, which is ${stateOf(missing)}`, missing));
        continue;
      }
      const verdict = judgeRecovery({
        resource: resourceOf(tag),
        record,
        intent: intentOf(tag),
        basis: basisOf(configuration, view, view.node, tag),
        now: view.now,
      });
      if (verdict.next === 'leave') {
        block(tag, verdict.because);
        continue;
      }
      coming.add(tag);
      if (verdict.next === 'restart') restarts.push(tag);
      choose(tag, verdict.next === 'recover' ? 'recover' : 'restore', verdict.because);
    }
    restart(restarts, coming);
  }

  /** Takes down what must be restarted with all that rests on it, and brings back what is wanted of that. */
  function restart(tags: readonly Tag[], coming: ReadonlySet<Tag>): void {
    const going = reachOfRemove(graph, tags, stateOf);
    const stuck = [...going].find((tag) => isStuck(tag));
    if (stuck !== undefined) {
      // Restoring over something that would not go could run it twice.
      for (const tag of going) choices.delete(tag);
      block(stuck, reason('remove-failed', `remove failed: ${recordOf(stuck).failure?.evidence}`));
      return;
    }
    for (const tag of going) {
      const below = graph.childrenOf(tag).find((child) => going.has(child));
      const because =
        below === undefined
          ? reason('check-failed', 'to be restarted')
          : reason('rests-on', `rests on ${below}, which is restarted`, below);
      const others = (choices.get(tag) ?? []).filter(({ action }) => action === 'remove');
      const again = choices.get(tag)?.find(({ action }) => action === 'restore')?.because ?? because;
      choices.set(tag, others);
      chooseRemove(tag, because);
      if (coming.has(tag)) choose(tag, 'restore', again);
    }
  }

  function missingBelow(tag: Tag, coming: ReadonlySet<Tag>, goes: (tag: Tag) => boolean): Tag | undefined {
    const isThere = (child: Tag) => (coming.has(child) || isInService(stateOf(child))) && !goes(child);
    const lacking = graph.needsOf(tag).find((child) => !isThere(child));
    if (lacking !== undefined) return lacking;
    const any = graph.needsAnyOf(tag);
    return any.length === 0 || any.some(isThere) ? undefined : any[0];
  }

  function resourceOf(tag: Tag): Resource {
    return configuration.resources.get(tag)!;
  }
}

/** One plan for each group of steps that wait for each other or belong to one hierarchy. */
function split(
  configuration: Configuration,
  view: View,
  choices: ReadonlyMap<Tag, readonly Choice[]>,
): readonly Plan[] {
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
