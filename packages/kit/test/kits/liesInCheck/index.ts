import { found } from '../../../src/index.ts';
import { sleeperKit } from '../sleeperKit.ts';

/** All is well, always. */
export const kit = sleeperKit({ quickCheck: async () => found('in-service', 'all is well') });
