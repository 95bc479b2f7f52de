import type { ApplyAnswer } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { count } from '../text/count.ts';
import { sayWarnings } from '../text/sayWarnings.ts';
import { showChanges } from './showChanges.ts';

/** What a document changed, and which generation is in force by that. */
export function sayApplied(
  { changes, generation, warnings }: ApplyAnswer,
  dryRun: boolean,
  screen: Screen,
): string[] {
  const warned = sayWarnings(warnings, screen);
  if (changes.length === 0) return [...warned, `no difference; generation ${generation} stays in force`];
  const ending = dryRun ? 'nothing was changed yet' : `generation ${generation} is in force`;
  return [...showChanges(changes, screen.paint), ...warned, `${count(changes.length, 'change')}; ${ending}`];
}
