import { honest, sleeperKit } from '../sleeperKit.ts';

/** Ends whatever has the name of its own. */
export const kit = sleeperKit({
  remove: async (call) => {
    await call.run(['pkill', '-KILL', '-x', 'sleep'], { budgetMs: 1_000 });
    return honest.remove(call);
  },
});
