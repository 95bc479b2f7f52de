import type { Kit } from './contract.ts';
import { judgeContract } from './judgeContract.ts';
import type { KitRefusal } from './kitRefusal.ts';

const mandatoryActions = ['restore', 'remove', 'quickCheck'] as const;
const optionalActions = ['recover', 'deepCheck', 'preflight', 'abort', 'watch', 'close'] as const;

/** Everything that keeps what a module exports from being a kit; none when it is one. */
export function judgeKit(name: string, candidate: unknown): readonly KitRefusal[] {
  if (typeof candidate !== 'object' || candidate === null) {
    return [
      {
        code: 'KIT_INCOMPLETE',
        what: `${name} is not a kit`,
        why: 'its index exports nothing under the name kit, nor by default',
        todo: 'write: export const kit = defineKit({ ... })',
      },
    ];
  }
  const kit = candidate as Partial<Kit>;
  const others = judgeContract(name, kit.contract);
  if (others.length > 0) return others;
  return missingParts(kit).map((why) => ({
    code: 'KIT_INCOMPLETE',
    what: `The kit ${name} is not complete`,
    why,
    todo: 'add it to the call of defineKit',
  }));
}

function missingParts(kit: Partial<Kit>): string[] {
  return [
    ...(typeof kit.type === 'string' && kit.type !== '' ? [] : ['it has no type']),
    ...(typeof kit.settings?.safeParse === 'function' ? [] : ['its settings are not a zod schema']),
    ...(typeof kit.identity === 'function' ? [] : ['it has no identity']),
    ...(['restore', 'remove', 'recover', 'quickCheck'] as const)
      .filter((action) => !isSpan(kit.budgets?.[action]))
      .map((action) => `it has no budget for ${action}`),
    ...mandatoryActions
      .filter((action) => typeof kit[action] !== 'function')
      .map((action) => `it has no ${action}`),
    ...optionalActions
      .filter((action) => kit[action] !== undefined && typeof kit[action] !== 'function')
      .map((action) => `its ${action} is not a function`),
  ];
}

function isSpan(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}
