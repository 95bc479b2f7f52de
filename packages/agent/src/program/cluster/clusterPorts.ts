import { run } from '@holdfast/kit';
import type { ClusterPorts, Identity, Log } from '../../index.ts';
import { openBootClock } from '../bootClock.ts';
import { openFencer } from '../fence/openFencer.ts';
import { openKeeper } from '../keeper/openKeeper.ts';
import { beatTimesOf } from './beatTimesOf.ts';
import type { EtcdStoreSettings } from './storeSettings.ts';

/** After it has begun, the way down has so long; then there is nothing more that this process can do. */
const nodeDownBudgetMs = 10_000;

/** What a node of a cluster has of the machine. */
export function clusterPorts(given: {
  settings: EtcdStoreSettings;
  identity: Identity;
  keeperSocket: string;
  log: Log;
}): ClusterPorts {
  const { settings, identity, keeperSocket, log } = given;
  const { node, boot } = identity;
  return {
    times: beatTimesOf(settings),
    takeoverWithoutFence: settings.takeoverWithoutFence,
    bootClock: openBootClock(),
    fencer: openFencer(),
    openKeeper: (ears) => openKeeper({ socket: keeperSocket, node, boot, store: settings }, ears, log),
    runAbort: async ({ argv, budgetMs }) => {
      const { ok, says, tookMs } = await run(argv, { budgetMs, killAfterMs: 50 });
      log.info({ event: 'abort-run', ok, says, tookMs }, says);
    },
    takeNodeDown: async (why) => {
      const { says } = await run(settings.nodeDown, { budgetMs: nodeDownBudgetMs });
      log.error({ event: 'node-did-not-go', why, says }, `the way to take this node down ended: ${says}`);
    },
  };
}
