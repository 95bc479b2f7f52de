import type { Problem } from '../problem.ts';

/** For a part of the language that is there for later: it is refused, so that nobody relies on it unheard. */
export function notBuilt(path: string, what: string): Problem {
  return {
    code: 'NOT_BUILT',
    path,
    what: `${what} cannot be carried out yet`,
    why: 'this version knows the words, and does nothing for them',
    todo: 'leave it out until a version that carries it out',
  };
}
