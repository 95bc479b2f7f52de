import { honest, isFrozen, sleeperKit } from '../sleeperKit.ts';

/** Waits for the answer of a frozen service without an end. */
export const kit = sleeperKit({
  quickCheck: async (call) => {
    if (await isFrozen(call.settings)) return new Promise(() => undefined);
    return honest.quickCheck(call);
  },
});
