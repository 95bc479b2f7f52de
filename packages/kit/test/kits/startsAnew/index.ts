import { endSleeper, findSleeper, honest, sleeperKit } from '../sleeperKit.ts';

/** Does not look first: what is in service already is ended and started anew. */
export const kit = sleeperKit({
  restore: async (call) => {
    const there = await findSleeper(call.settings);
    if (there !== undefined) await endSleeper(there);
    return honest.restore(call);
  },
});
