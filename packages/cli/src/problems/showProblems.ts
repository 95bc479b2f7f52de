import type { SaidProblem } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { plain } from '../text/plain.ts';
import { wrap } from '../text/wrap.ts';

/** A problem, with where it is when that is a line of a file. */
export type PlacedProblem = SaidProblem & Readonly<{ place?: string }>;

/**
 * What is wrong, the fact that proves it, and what to do:
 *
 *     CYCLE   These resources need each other, so none can be restored first: db -> disk -> db
 *       why   hierarchy.yaml:14 disk needs, or comes after, db
 *       do    remove one of the 2 needs, then apply again
 */
export function showProblems(
  problems: readonly PlacedProblem[],
  { width, paint }: Pick<Screen, 'width' | 'paint'>,
): string[] {
  return problems.flatMap((problem, index) => {
    const code = plain(problem.code);
    const [head = '', ...more] = wrap(plain(problem.what), { first: `${code}   `, width, hang: 8 });
    return [
      ...(index === 0 ? [] : ['']),
      `${paint.bad(code)}${head.slice(code.length)}`,
      ...more,
      ...wrap(whyOf(problem), { first: '  why   ', width }),
      ...wrap(plain(problem.todo), { first: '  do    ', width }),
    ];
  });
}

function whyOf({ why, place }: PlacedProblem): string {
  return place === undefined ? plain(why) : `${place} ${plain(why)}`;
}
