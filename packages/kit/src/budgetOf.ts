import type { CallableAction } from './callAction.ts';
import type { Kit } from './contract.ts';

/** The time that an action has where nobody says otherwise. */
export function budgetOf({ budgets }: Kit, action: CallableAction): number {
  switch (action) {
    case 'restore':
    case 'remove':
    case 'recover':
    case 'quickCheck':
      return budgets[action];
    case 'deepCheck':
    case 'preflight':
      return Math.max(30_000, budgets.quickCheck);
    case 'abort':
      return budgets.quickCheck;
  }
}
