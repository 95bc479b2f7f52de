import { type Reason, reason } from '../plan/plan.ts';
import { isInService, isOut, type Tag } from '../vocabulary.ts';
import { decideForOwned } from './decideForOwned.ts';
import type { NamedHierarchy } from './eligible.ts';
import { type Elsewhere, findElsewhere } from './findElsewhere.ts';
import { findMove } from './findMove.ts';
import { type GivenUp, giveUp } from './giveUp.ts';
import { block, takeDown, type Worksheet } from './worksheet.ts';

/**
 * What to do in a hierarchy that this node has the claim of: bring it to what is wanted here, or, when it goes to
 * another node, take all of it down, so that the claim can be released.
 */
export function decideOrMove(sheet: Worksheet, named: NamedHierarchy): { stays: boolean; givenUp?: GivenUp } {
  const { tags } = named.hierarchy;
  const isWanted = tags.some((tag) => sheet.intentOf(tag).want === 'inService');
  const move = isWanted ? findMove(sheet, named) : ({ kind: 'stay' } as const);
  if (move.kind === 'go') return leave(sheet, tags, move.because);
  const elsewhere = findElsewhere(sheet.view, sheet.view.node, tags);
  decideForOwned(sheet, tags, holdFor(elsewhere));
  // What was to be lost by the move may be lost by staying as well: then it goes now, and not after a vain restart.
  const now = move.kind === 'refused' ? findMove(sheet, named) : move;
  if (now.kind === 'go') {
    forget(sheet, tags);
    return leave(sheet, tags, now.because);
  }
  reportConflict(sheet, elsewhere);
  if (now.kind === 'refused') reportRefusal(sheet, tags, now.because);
  const givenUp = giveUp(sheet, named);
  if (givenUp !== undefined) beginNothing(sheet, tags, givenUp);
  return givenUp === undefined ? { stays: true } : { stays: true, givenUp };
}

/** Takes down all of it. What is out already comes up there. */
function leave(sheet: Worksheet, tags: readonly Tag[], because: Reason): { stays: false } {
  takeDown(sheet, tags, () => because);
  for (const tag of tags)
    if (sheet.intentOf(tag).want === 'inService' && isOut(sheet.stateOf(tag))) block(sheet, tag, because);
  return { stays: false };
}

/** As if nothing had been decided of these. */
function forget({ choices, going, blocked }: Worksheet, tags: readonly Tag[]): void {
  for (const tag of tags) {
    choices.delete(tag);
    going.delete(tag);
    blocked.delete(tag);
  }
}

/** Nothing is started here while anything of the hierarchy may run on another node. */
function holdFor(elsewhere: readonly Elsewhere[]): Reason | undefined {
  const [first] = elsewhere;
  if (first === undefined) return undefined;
  const serving = elsewhere.find((one) => one.isInService) ?? first;
  return reason(
    'conflict',
    `${serving.tag} is ${serving.isInService ? 'in service' : 'not surely out'} on ${serving.node}: nothing of its hierarchy starts here before that is over`,
    serving.tag,
  );
}

function reportConflict(sheet: Worksheet, elsewhere: readonly Elsewhere[]): void {
  for (const { tag, node, isInService: serves } of elsewhere) {
    if (!serves || !isInService(sheet.stateOf(tag))) continue;
    block(sheet, tag, reason('conflict', `it is in service here and on ${node} at once`));
  }
}

function reportRefusal(sheet: Worksheet, tags: readonly Tag[], because: Reason): void {
  for (const tag of tags) {
    const isSettled = isInService(sheet.stateOf(tag)) && !sheet.choices.has(tag);
    if (isSettled && sheet.intentOf(tag).want === 'inService') block(sheet, tag, because);
  }
}

/** It goes as soon as its failure is written down, so nothing of it is begun here any more. */
function beginNothing(
  { choices, going, blocked }: Worksheet,
  tags: readonly Tag[],
  { failure }: GivenUp,
): void {
  const why = `its hierarchy is to leave this node: ${failure.tag} failed here: ${failure.evidence}`;
  for (const tag of tags) {
    if (choices.delete(tag)) blocked.set(tag, reason('moves', why, failure.tag));
    going.delete(tag);
  }
}
