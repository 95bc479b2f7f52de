import { done } from '../../../src/index.ts';
import { findSleeper, honest, sleeperKit, starter } from '../sleeperKit.ts';

/** Starts it under a name that only the end of restore makes known, and forgets it when told to stop before. */
export const kit = sleeperKit({
  restore: async (call) => {
    if ((await findSleeper(call.settings)) !== undefined) return done('it sleeps already');
    const hidden = `${call.settings.folder}/hidden`;
    await call.run(['sh', starter, hidden], { budgetMs: 1_000 });
    if (call.signal.aborted) return done('told to stop');
    await call.run(['mv', hidden, `${call.settings.folder}/pid`], { budgetMs: 1_000 });
    return honest.quickCheck(call).then(({ evidence }) => done(evidence));
  },
});
