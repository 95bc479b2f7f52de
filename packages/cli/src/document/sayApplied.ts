import type { ApplyAnswer } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { count } from '../text/count.ts';
import { showChanges } from './showChanges.ts';

/** What a document changed, and which generation is in force by that. */
export function sayApplied({ changes, generation }: ApplyAnswer, dryRun: boolean, screen: Screen): string[] {
  if (changes.length === 0) return [`no difference; generation ${generation} stays in force`];
  const ending = dryRun ? 'nothing was changed yet' : `generation ${generation} is in force`;
  return [...showChanges(changes, screen.paint), `${count(changes.length, 'change')}; ${ending}`];
}
