import { sleeperKit } from '../sleeperKit.ts';

export const kit = { ...sleeperKit({}), contract: 2 };
