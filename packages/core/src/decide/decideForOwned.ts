import { type Reason, reason } from '../plan/plan.ts';
import { extendRemoval } from '../plan/reach.ts';
import { isInService, type Tag } from '../vocabulary.ts';
import { basisOf } from './basisOf.ts';
import { judgeRecovery, type Verdict } from './judgeRecovery.ts';
import { takeDownUnwanted } from './takeDownUnwanted.ts';
import {
  block,
  childrenFirst,
  choose,
  isStuck,
  parentsFirst,
  pauseOf,
  sayPause,
  type Worksheet,
} from './worksheet.ts';

/**
 * Repairs one resource in place, if that is what is to be done about it and all that it needs is in service and left
 * alone. Answers whether it is.
 */
export function recoverInPlace(sheet: Worksheet, tag: Tag): boolean {
  const { configuration, view, stateOf, intentOf } = sheet;
  const { graph } = configuration;
  if (intentOf(tag).want !== 'inService' || stateOf(tag) !== 'OSF' || pauseOf(sheet, tag)) return false;
  const isFirm = (child: Tag): boolean => isInService(stateOf(child)) && !view.busy.includes(child);
  const any = graph.needsAnyOf(tag);
  if (!graph.needsOf(tag).every(isFirm) || (any.length > 0 && !any.some(isFirm))) return false;
  if (graph.earlierThan(tag).some((one) => view.busy.includes(one))) return false;
  const verdict = judge(sheet, tag);
  if (verdict.next !== 'recover') return false;
  choose(sheet, tag, 'recover', verdict.because);
  return true;
}

/**
 * What to do in a hierarchy that this node has the claim of and keeps: first what must go, then what must come. With a
 * reason to hold, nothing comes.
 */
export function decideForOwned(sheet: Worksheet, tags: readonly Tag[], hold?: Reason): void {
  const { configuration, view, recordOf, stateOf, intentOf, going } = sheet;
  const { graph } = configuration;
  const coming = new Set<Tag>();
  takeDownUnwanted(sheet, tags);
  // Children first: what is decided of a resource follows from what was decided of all below it, and a restart
  // takes along only what is above it.
  for (const tag of childrenFirst(sheet, tags)) if (intentOf(tag).want === 'inService') bringUp(tag);

  function bringUp(tag: Tag): void {
    if (isInService(stateOf(tag)) && !going.has(tag)) {
      coming.add(tag);
      return;
    }
    if (hold !== undefined) {
      block(sheet, tag, hold);
      return;
    }
    const pause = pauseOf(sheet, tag);
    if (pause !== undefined) {
      block(sheet, tag, reason('paused', sayPause(pause)));
      return;
    }
    const missing = missingBelow(tag);
    if (missing !== undefined) {
      block(sheet, tag, reason('waits-for', `it needs ${missing}, which is ${stateOf(missing)}`, missing));
      return;
    }
    if (isInService(stateOf(tag))) come(tag, 'restore', restsOnRestarted(tag));
    else repair(tag);
  }

  /** It is out or failed, and all that it needs is there or coming. */
  function repair(tag: Tag): void {
    const earlier = graph.earlierThan(tag).find((one) => view.busy.includes(one));
    if (earlier !== undefined) {
      block(sheet, tag, reason('waits-for', `it comes after ${earlier}, which is being acted on`, earlier));
      return;
    }
    const verdict = judge(sheet, tag);
    const isGoing = going.has(tag);
    if (verdict.next === 'leave') block(sheet, tag, verdict.because);
    else if (verdict.next === 'recover' && !isGoing) come(tag, 'recover', verdict.because);
    else if (verdict.next !== 'restart' || isGoing || makeWayFor(tag)) come(tag, 'restore', verdict.because);
  }

  function come(tag: Tag, action: 'restore' | 'recover', because: Reason): void {
    coming.add(tag);
    choose(sheet, tag, action, because);
  }

  /** Takes down what is to be restarted with all that rests on it; false when something of that would not go. */
  function makeWayFor(tag: Tag): boolean {
    const added = extendRemoval(graph, going, [tag], stateOf);
    const paused = added.find((one) => pauseOf(sheet, one) !== undefined);
    if (paused !== undefined) {
      for (const one of added) going.delete(one);
      const why = `${paused} would go down with it, and its ${sayPause(pauseOf(sheet, paused)!)}`;
      block(sheet, tag, reason('paused', why, paused));
      return false;
    }
    const stuck = added.find((one) => isStuck(sheet, one));
    if (stuck !== undefined) {
      // Restoring under something that would not go could break what it still does, and what is above it.
      for (const one of added) going.delete(one);
      const evidence = recordOf(stuck).failure?.evidence;
      block(
        sheet,
        tag,
        reason('remove-failed', `${stuck} rests on it, and its remove failed: ${evidence}`, stuck),
      );
      return false;
    }
    for (const one of parentsFirst(sheet, added)) {
      choose(
        sheet,
        one,
        'remove',
        one === tag ? reason('check-failed', 'to be restarted') : restsOnRestarted(one),
      );
    }
    return true;
  }

  function restsOnRestarted(tag: Tag): Reason {
    const below = graph.childrenOf(tag).find((child) => going.has(child))!;
    return reason('rests-on', `rests on ${below}, which is restarted`, below);
  }

  /** A child that it cannot come without, neither in service to stay nor coming. */
  function missingBelow(tag: Tag): Tag | undefined {
    const isThere = (child: Tag) => coming.has(child) || (isInService(stateOf(child)) && !going.has(child));
    const lacking = graph.needsOf(tag).find((child) => !isThere(child));
    if (lacking !== undefined) return lacking;
    const any = graph.needsAnyOf(tag);
    return any.length === 0 || any.some(isThere) ? undefined : any[0];
  }
}

function judge({ configuration, view, recordOf, intentOf }: Worksheet, tag: Tag): Verdict {
  const record = recordOf(tag);
  return judgeRecovery({
    resource: configuration.resources.get(tag)!,
    record,
    intent: intentOf(tag),
    // Only a failure asks on what it rested, and most of what is to come never failed.
    basis: record.failure === undefined ? '' : basisOf(configuration, view, view.node, tag),
  });
}
