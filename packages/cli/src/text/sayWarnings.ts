import type { Warning } from '@holdfast/core';
import { plain } from './plain.ts';
import { wrap } from './wrap.ts';

/** What works, and may surprise people later, each with what to do about it. */
export function sayWarnings(
  warnings: readonly Warning[] = [],
  { width }: Readonly<{ width: number }>,
): string[] {
  return warnings.flatMap(({ says, todo }) => [
    ...wrap(plain(says), { first: '  !     ', width, hang: 8 }),
    ...wrap(plain(todo), { first: '        do    ', width }),
  ]);
}
