import { isInService, isOut, type Tag } from '../vocabulary.ts';
import { childrenFirst, isStuck, pauseOf, sayPause, type Worksheet } from './worksheet.ts';

/**
 * Why a hierarchy had better stay where it is, whatever asks it to leave; undefined when it may go. Nothing of it may
 * start elsewhere while a part of it would not go from here, so nothing is taken down for that.
 */
export function whyWorseToLeave(sheet: Worksheet, tags: readonly Tag[]): string | undefined {
  const stuck = tags.find((tag) => !isOut(sheet.stateOf(tag)) && isStuck(sheet, tag));
  if (stuck !== undefined)
    return `${stuck} would not go from here: its remove failed: ${sheet.recordOf(stuck).failure?.evidence}`;
  return wouldBeLost(sheet, tags);
}

/** What serves here and would not serve there, though it is wanted: it is paused, or what it needs is not wanted. */
function wouldBeLost(sheet: Worksheet, tags: readonly Tag[]): string | undefined {
  const { configuration, intentOf } = sheet;
  const { graph } = configuration;
  const comes = new Set<Tag>();
  for (const tag of childrenFirst(sheet, tags)) {
    if (intentOf(tag).want !== 'inService') continue;
    const pause = pauseOf(sheet, tag);
    const lacking = graph.needsOf(tag).find((child) => !comes.has(child));
    const any = graph.needsAnyOf(tag);
    if (
      pause === undefined &&
      lacking === undefined &&
      (any.length === 0 || any.some((one) => comes.has(one)))
    )
      comes.add(tag);
    else if (staysInService(sheet, tag)) {
      if (pause !== undefined) return `${tag} would not come up there: its ${sayPause(pause)}`;
      return `${tag} would not come up there: it needs ${lacking ?? any.join(' or ')}, which would not be in service`;
    }
  }
  return undefined;
}

/** It serves here, and will when all that was chosen so far is done. */
function staysInService({ stateOf, choices }: Worksheet, tag: Tag): boolean {
  return isInService(stateOf(tag)) && choices.get(tag)?.at(-1)?.action !== 'remove';
}
