import type { Status } from '@holdfast/core';
import { plain } from '../text/plain.ts';

type Readiness = NonNullable<Status['hierarchies'][number]['nodes'][number]['readiness']>;

/** In words: `ready, rank 80`, or why not. */
export function sayReadiness({ state, rank, why }: Readiness): string {
  switch (state) {
    case 'ready':
      return `ready${rank === undefined ? '' : `, rank ${rank}`}`;
    case 'not-ready':
      return `not ready: ${plain(why ?? '')}`;
    case 'not-known':
      return `readiness not known: ${plain(why ?? '')}`;
  }
}
