import type { Status } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { plain } from '../text/plain.ts';
import { wrap } from '../text/wrap.ts';

/** The kits that do not serve, with the reason: what they would serve is shown elsewhere, and they are not. */
export function sayKits({ kits = [] }: Status, { width }: Pick<Screen, 'width'>): string[] {
  return kits
    .filter(({ state }) => state !== 'loaded')
    .flatMap(({ name, state, says, todo }) => [
      ...wrap(plain(`kit ${name} is ${state}: ${says}`), { first: '  ', width, hang: 4 }),
      ...(todo === undefined ? [] : wrap(plain(todo), { first: '        do    ', width })),
    ]);
}
