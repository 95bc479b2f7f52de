import type { Configuration } from '../document/configuration.ts';
import { type Choice, type Note, type Reason, reason } from '../plan/plan.ts';
import { canDoWithout } from '../plan/reach.ts';
import { isInService, isOut, type State, type Tag } from '../vocabulary.ts';
import { type Intent, neverChecked, nobodyAsked, type Pause, type StateRecord, type View } from './view.ts';

/** What one decision knows, and what it has come to so far. */
export type Worksheet = Readonly<{
  configuration: Configuration;
  view: View;
  /** The place of each tag when children come first, and when parents do. */
  fromBelow: ReadonlyMap<Tag, number>;
  fromAbove: ReadonlyMap<Tag, number>;
  recordOf: (tag: Tag) => StateRecord;
  stateOf: (tag: Tag) => State;
  intentOf: (tag: Tag) => Intent;
  choices: Map<Tag, Choice[]>;
  blocked: Map<Tag, Reason>;
  /** What has a remove among the choices. */
  going: Set<Tag>;
}>;

export function newWorksheet(configuration: Configuration, view: View): Worksheet {
  const here = view.states[view.node];
  const recordOf = (tag: Tag): StateRecord => here?.[tag] ?? neverChecked;
  return {
    configuration,
    view,
    fromBelow: configuration.graph.placesFromBelow(),
    fromAbove: configuration.graph.placesFromAbove(),
    recordOf,
    stateOf: (tag) => recordOf(tag).state,
    intentOf: (tag) => view.intents[tag] ?? nobodyAsked,
    choices: new Map(),
    blocked: new Map(),
    going: new Set(),
  };
}

export function choose(
  { choices, blocked, view, going }: Worksheet,
  tag: Tag,
  action: Choice['action'],
  because: Reason,
): void {
  const choice = { node: view.node, tag, action, because };
  const chosen = choices.get(tag);
  if (chosen === undefined) choices.set(tag, [choice]);
  else chosen.push(choice);
  if (action === 'remove') going.add(tag);
  blocked.delete(tag);
}

/** The first reason stands: what is found later follows from it. */
export function block({ blocked }: Worksheet, tag: Tag, because: Reason): void {
  if (!blocked.has(tag)) blocked.set(tag, because);
}

export function notesOf({ blocked }: Worksheet): readonly Note[] {
  return [...blocked].map(([tag, because]) => ({ tag, because }));
}

/** Its remove failed, and nobody has asked again since: a person must look. */
export function isStuck({ recordOf, intentOf }: Worksheet, tag: Tag): boolean {
  const { failure } = recordOf(tag);
  return failure?.kind === 'remove' && failure.intentRevision === intentOf(tag).revision;
}

export function pauseOf({ view }: Worksheet, tag: Tag): Pause | undefined {
  return view.paused?.[tag];
}

export function sayPause({ by, why }: Pause): string {
  return `protection is paused by ${by}${why === '' ? '' : `: ${why}`}`;
}

/**
 * Broken parts were found of something that is out by intent: a person may be at work on it, so it is left until it
 * is asked for, or is in the way of what must go.
 */
export function isSomebodys({ recordOf, intentOf }: Worksheet, tag: Tag): boolean {
  const { failure } = recordOf(tag);
  const { want, revision } = intentOf(tag);
  return want === 'outOfService' && failure?.kind === 'interrupted' && failure.intentRevision === revision;
}

/** Removes the tags as far as nothing above them stays; the rest is blocked, with what holds it. */
export function takeDown(sheet: Worksheet, tags: readonly Tag[], why: (tag: Tag) => Reason): void {
  const { configuration, view, stateOf, recordOf, going } = sheet;
  const { graph } = configuration;
  const isStandby = view.nodes[view.node]?.mode === 'standby';
  for (const tag of parentsFirst(sheet, tags)) {
    if (isOut(stateOf(tag)) || going.has(tag)) continue;
    if (stateOf(tag) === 'ILLSTATE' && sheet.intentOf(tag).revision === 0) {
      // It may serve, and nobody said that it should not.
      block(sheet, tag, reason('not-known', `its state is not known: ${recordOf(tag).reason}`));
      continue;
    }
    // What serves where it must not goes although it is paused; who is at work on what does not serve is left in peace.
    const isAsked = isStandby || sheet.intentOf(tag).want === 'outOfService' || isInService(stateOf(tag));
    const pause = isAsked ? undefined : pauseOf(sheet, tag);
    if (pause !== undefined) {
      block(sheet, tag, reason('paused', sayPause(pause)));
      continue;
    }
    if (isStuck(sheet, tag)) {
      block(sheet, tag, reason('remove-failed', `remove failed: ${recordOf(tag).failure?.evidence}`));
      continue;
    }
    going.add(tag);
    const stays = graph
      .parentsOf(tag)
      .find(
        (parent) =>
          !isOut(stateOf(parent)) && !going.has(parent) && !canDoWithout(graph, parent, going, stateOf),
      );
    if (stays === undefined) choose(sheet, tag, 'remove', why(tag));
    else {
      going.delete(tag);
      block(sheet, tag, reason('still-needed', `${stays} still rests on it`, stays));
    }
  }
}

export function childrenFirst({ fromBelow }: Worksheet, tags: Iterable<Tag>): readonly Tag[] {
  return [...tags].sort((a, b) => fromBelow.get(a)! - fromBelow.get(b)!);
}

export function parentsFirst({ fromAbove }: Worksheet, tags: Iterable<Tag>): readonly Tag[] {
  return [...tags].sort((a, b) => fromAbove.get(a)! - fromAbove.get(b)!);
}
