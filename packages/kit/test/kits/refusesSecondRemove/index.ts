import { existsSync } from 'node:fs';
import { failed } from '../../../src/index.ts';
import { honest, pidFile, sleeperKit } from '../sleeperKit.ts';

/** Takes what is out already for a failure. */
export const kit = sleeperKit({
  remove: async (call) =>
    existsSync(pidFile(call.settings)) ? honest.remove(call) : failed('nobody sleeps', 'restore it first'),
});
