import { findSleeper, honest, sleeperKit, starter } from '../sleeperKit.ts';

/** Restore starts a second process, and remove does not know of it. */
export const kit = sleeperKit({
  restore: async (call) => {
    if ((await findSleeper(call.settings)) === undefined) {
      await call.run(['sh', starter, `${call.settings.folder}/second`], { budgetMs: 1_000 });
    }
    return honest.restore(call);
  },
});
