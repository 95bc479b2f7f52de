import { honest } from '../sleeperKit.ts';

/** Has no remove, and no budget for recover. */
const { remove: _, ...rest } = honest;
export const kit = { contract: 1, ...rest, budgets: { ...honest.budgets, recover: undefined } };
