import type { Condition, Memory } from '@holdfast/kit';

/** How much is used, in percent. */
export type Fullness = Readonly<{ blocks: number; inodes: number }>;

/** A condition comes at the limit and goes this much below it, so that it does not come and go with each file. */
const clearsBelow = 1;
const names = { blocks: 'space', inodes: 'inodes' } as const;

/** What is worth saying about how full it is. A full disk is no failure: another node would find it just as full. */
export function judgeFullness(fullness: Fullness, warnPercent: number, memory: Memory): readonly Condition[] {
  return (['blocks', 'inodes'] as const).flatMap((what) => {
    const key = `nearly full: ${what}`;
    const limit = memory.get(key) === true ? warnPercent - clearsBelow : warnPercent;
    const isFull = fullness[what] >= limit;
    memory.set(key, isFull);
    if (!isFull) return [];
    const used = Math.floor(fullness[what] * 10) / 10;
    const says = `${used} % of its ${names[what]} is used (shown from ${warnPercent} % on)`;
    return [{ code: what === 'blocks' ? 'nearly-full' : 'inodes-nearly-full', says }];
  });
}
