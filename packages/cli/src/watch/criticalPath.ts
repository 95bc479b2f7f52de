import type { WatchedStep } from './activity.ts';

/**
 * The longest chain of steps that are not over, each waiting for the one before it: the operation cannot end before
 * it has. Of chains of one length the first; how long a step will take is not known.
 */
export function criticalPath(steps: readonly WatchedStep[]): readonly WatchedStep[] {
  const left = steps.filter(({ phase }) => phase === 'waiting' || phase === 'running');
  const chains = new Map<string, readonly WatchedStep[]>();
  let longest: readonly WatchedStep[] = [];
  // Steps stand in an order in which they could be done: what a step waits for has its chain already.
  for (const one of left) {
    const before = one.step.after
      .map((id) => chains.get(id) ?? [])
      .reduce((best, chain) => (chain.length > best.length ? chain : best), []);
    const chain = [...before, one];
    chains.set(one.step.id, chain);
    if (chain.length > longest.length) longest = chain;
  }
  return longest;
}
