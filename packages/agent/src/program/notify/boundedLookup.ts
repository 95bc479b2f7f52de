import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';

type Answer = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

const waitingMax = 20;
const waiting: (() => void)[] = [];
let isUnderWay = false;

/**
 * Looks a name up, as every program of the node does, one at a time. A lookup cannot be called off, and holds one of
 * the four threads that also read files for checks: telling people must not take them all while name servers are
 * silent. Whoever asked has a time of its own, and does not wait longer than that.
 */
export function boundedLookup(name: string, options: LookupOptions, answer: Answer): void {
  if (waiting.length >= waitingMax) {
    const error = Object.assign(new Error(`${name} was not looked up: the name servers do not answer`), {
      code: 'EAI_AGAIN',
    });
    process.nextTick(() => answer(error, []));
    return;
  }
  waiting.push(() =>
    lookup(name, options, (error, address: string | LookupAddress[], family?: number) => {
      isUnderWay = false;
      next();
      answer(error, address, family);
    }),
  );
  next();
}

function next(): void {
  if (isUnderWay) return;
  const first = waiting.shift();
  if (first === undefined) return;
  isUnderWay = true;
  first();
}
