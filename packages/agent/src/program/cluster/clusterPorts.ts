import { randomUUID } from 'node:crypto';
import type { BeatTimes } from '@holdfast/core';
import { run } from '@holdfast/kit';
import type { ClusterPorts, Log } from '../../index.ts';
import { openBootClock } from '../bootClock.ts';
import { openFencer } from '../fence/openFencer.ts';
import { openGuard } from '../guard/openGuard.ts';

const guardTickMs = 20;

/** After it has begun, the way down has so long; then there is nothing more that this process can do. */
const nodeDownBudgetMs = 10_000;

/** What a node of a cluster has of the machine. */
export function clusterPorts(given: {
  times: BeatTimes;
  nodeDown: readonly [string, ...string[]];
  takeoverWithoutFence: boolean;
  guardSocket: string;
  log: Log;
}): ClusterPorts {
  const { guardSocket, times, nodeDown, log } = given;
  return {
    times,
    takeoverWithoutFence: given.takeoverWithoutFence,
    bootClock: openBootClock(),
    newSessionId: randomUUID,
    fencer: openFencer(),
    openGuard: (onDeath) =>
      openGuard(
        { socket: guardSocket, dropMs: times.drop, tickMs: guardTickMs, nodeDown: [...nodeDown] },
        onDeath,
      ),
    // The watchdog is not built: a node that freezes as a whole, and its guard with it, is stopped by nobody.
    kick: () => undefined,
    runAbort: async ({ argv, budgetMs }) => {
      const { ok, says, tookMs } = await run(argv, { budgetMs, killAfterMs: 50 });
      log.info({ event: 'abort-run', ok, says, tookMs }, says);
    },
    takeNodeDown: async (why) => {
      const { says } = await run(nodeDown, { budgetMs: nodeDownBudgetMs });
      log.error({ event: 'node-did-not-go', why, says }, `the way to take this node down ended: ${says}`);
    },
  };
}
