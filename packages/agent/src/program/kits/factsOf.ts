import { fieldsOf } from '@holdfast/core';
import type { Kit } from '@holdfast/kit';
import type { CallableAction } from './kitCalls.ts';
import type { KitFacts } from './kitHost.ts';

const actions: readonly CallableAction[] = [
  'restore',
  'remove',
  'quickCheck',
  'deepCheck',
  'recover',
  'preflight',
  'abort',
];

/** What the agent is to know of a kit, as plain data. */
export function factsOf(kit: Kit): KitFacts {
  const { restore, remove, recover, quickCheck } = kit.budgets;
  return {
    type: kit.type,
    summary: String(kit.summary),
    fields: fieldsOf(kit.settings),
    budgets: { restore, remove, recover, quickCheck },
    isExclusive: kit.exclusive === 'data',
    actions: actions.filter((action) => kit[action] !== undefined),
  };
}
