import { changeDocument, refused } from '../edit/changeDocument.ts';
import { endsProblem, rankOf } from '../edit/equivalencies.ts';
import { type LcdiCode, lcdiCodes } from '../lcdi/codes.ts';
import { type Call, defineCommand, misuse, refuse } from '../lcdi/defineCommand.ts';

export const eqvCreate = defineCommand(
  {
    name: 'eqv_create',
    synopsis: '[-s SYSTEM] -t TAG [-p PRIORITY] [-S OTHER] -o OTHERTAG [-r OTHERPRIORITY] -e SHARED',
    says: 'Lets a resource run on two systems, with a priority on each; 1 is the best, and no two may be equal. Its whole hierarchy moves as one, so that this is said of all of it. A system that it did not run on is asked first whether it could.',
    values: {
      s: ['SYSTEM', 'One system; this node when left out'],
      t: ['TAG', 'The resource'],
      p: ['PRIORITY', 'Its priority there; as it is, or else 1'],
      S: ['OTHER', 'The other system; this node when left out'],
      o: ['OTHERTAG', 'The tag there: the same'],
      r: ['PRIORITY', 'Its priority there; as it is, or else the next ten'],
      e: ['KIND', 'SHARED'],
    },
    required: ['t', 'o', 'e'],
    changes: true,
    examples: [
      ['eqv_create -s alpha -t mail -p 1 -S beta -o mail -r 10 -e SHARED', 'mail may run on beta too'],
    ],
  },
  async (call) => {
    const { s, t: tag = '', S, o: otherTag = '', e: kind = '', p, r } = call.values;
    const priorities = [p, r];
    if (priorities.some((value) => value !== undefined && !/^\d+$/.test(value)))
      return misuse(call, '-p and -r take a number');
    const outside = priorities.find((value) => value !== undefined && !isPriority(Number(value)));
    if (outside !== undefined) return outOfRange(call, outside);
    const { entryOf } = await import('../edit/groups.ts');
    return changeDocument(call, async (draft, status) => {
      const [system, other] = [s ?? status.node, S ?? status.node];
      const problem = await endsProblem(draft, { system, tag, other, otherTag, kind });
      if (problem !== undefined) return problem;
      const before = rankOf(status, tag);
      const rank = { ...before };
      rank[system] = Number(p ?? before[system] ?? nextFree(rank, 1));
      rank[other] = Number(r ?? before[other] ?? nextFree(rank, 10));
      if (JSON.stringify(sorted(rank)) === JSON.stringify(sorted(before)))
        return { kind: 'same', says: `the hierarchy of ${tag} runs on both, with these priorities` };
      entryOf(draft, tag).nodes = rank;
      for (const node of [system, other].filter((one) => before[one] === undefined)) {
        const { whyNotReady } = await import('../../../document/whyNotReady.ts');
        const [why] = await whyNotReady(call.client, { node, tag, document: draft });
        if (why !== undefined) return refused(lcdiCodes.failed, why);
      }
      return { kind: 'changed' };
    });
  },
);

function isPriority(value: number): boolean {
  return value >= 1 && value <= 1024;
}

function outOfRange(call: Pick<Call, 'around' | 'isJson'>, value: string): Promise<LcdiCode> {
  return refuse(call, lcdiCodes.outOfRange, {
    code: 'PRIORITY_OUT_OF_RANGE',
    what: `${value} is no priority`,
    why: 'priorities go from 1, the best, to 1024',
    todo: 'choose one of them',
  });
}

/** LifeKeeper's own steps: 1 for the first, then tens. */
function nextFree(rank: Readonly<Record<string, number>>, from: number): number {
  const taken = Object.values(rank);
  if (!taken.includes(from)) return from;
  return (Math.floor(Math.max(...taken) / 10) + 1) * 10;
}

function sorted(rank: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(rank).sort(([a], [b]) => (a < b ? -1 : 1));
}
