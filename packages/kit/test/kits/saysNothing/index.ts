import { done } from '../../../src/index.ts';
import { honest, sleeperKit } from '../sleeperKit.ts';

/** Gives no evidence. */
export const kit = sleeperKit({
  remove: async (call) => {
    await honest.remove(call);
    return done('');
  },
});
