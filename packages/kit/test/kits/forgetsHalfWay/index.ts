import { done, failed } from '../../../src/index.ts';
import { findSleeper, honest, sleeperKit, starter } from '../sleeperKit.ts';

/** Starts it under a name that only the end of restore makes known, and forgets it when told to stop before. */
export const kit = sleeperKit({
  restore: async (call) => {
    if ((await findSleeper(call.settings)) !== undefined) return done('it sleeps already');
    const hidden = `${call.settings.folder}/hidden`;
    // Not tied to the signal of the call, which would end it.
    await call.run(['sh', starter, hidden], { budgetMs: 1_000, signal: new AbortController().signal });
    if (call.signal.aborted) return failed('told to stop', 'restore it again');
    await call.run(['mv', hidden, `${call.settings.folder}/pid`], { budgetMs: 1_000 });
    return honest.quickCheck(call).then(({ evidence }) => done(evidence));
  },
});
