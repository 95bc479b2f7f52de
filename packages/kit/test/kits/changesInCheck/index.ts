import { findSleeper, honest, sleeperKit } from '../sleeperKit.ts';

/** A check that repairs: it starts what is missing after a failure. */
export const kit = sleeperKit({
  quickCheck: async (call) => {
    const answer = await honest.quickCheck(call);
    if ((await findSleeper(call.settings)) === undefined) await honest.restore(call);
    return answer;
  },
});
