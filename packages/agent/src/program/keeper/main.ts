import { randomUUID } from 'node:crypto';
import { run } from '@holdfast/kit';
import { openEtcdStore } from '@holdfast/store/etcd';
import { Keeper } from '../../keeper/keeper.ts';
import type { Log } from '../../ports.ts';
import { openBootClock } from '../bootClock.ts';
import { beatTimesOf } from '../cluster/beatTimesOf.ts';
import { etcdOptions } from '../cluster/etcdOptions.ts';
import { systemClock } from '../systemClock.ts';
import { openWatchdog } from '../watchdog/openWatchdog.ts';
import { AgentProcess } from './agentProcess.ts';
import { digestOf, keeperSettings } from './keeperSettings.ts';
import { serveAgent } from './serveAgent.ts';

/*
 * The keeper of a node of a cluster: a process of its own, which outlives the agent. Everything that it reads, it reads
 * here, before anything depends on it. It ends by itself once no agent is there and nothing is left to keep.
 */
const settings = keeperSettings.parse(JSON.parse(process.argv[2] ?? ''));
const { store, socket, node, boot } = settings;
const times = beatTimesOf(store);
const bootClock = openBootClock();
const say = (level: string, fields: object, says: string): void =>
  void process.stderr.write(
    `${JSON.stringify({ level, time: Date.now(), keeper: process.pid, ...fields, msg: says })}\n`,
  );
const log: Log = {
  debug: () => undefined,
  info: (fields, says) => say('info', fields, says),
  warn: (fields, says) => say('warn', fields, says),
  error: (fields, says) => say('error', fields, says),
};
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** After it has begun, the way down has so long; then it is tried again. */
const nodeDownBudgetMs = 10_000;
const agent = new AgentProcess(`${socket}.log`, (event, fields) => log.info({ event, ...fields }, event));
const watchdog =
  store.watchdog === undefined ? undefined : openWatchdog(store.watchdog, times.watchdogTimeout);
const keeper = new Keeper({
  ...{ node, boot, times, bootClock, clock: systemClock, log, newSessionId: randomUUID },
  care: {
    askEvery: times.hangsAfter / 5,
    hangsAfter: times.hangsAfter,
    startsWithin: times.turnWithin - times.hangsAfter,
    turnWithin: times.turnWithin,
    restarts: store.agentRestarts,
  },
  store: openEtcdStore(await etcdOptions(store)),
  ...(watchdog === undefined ? {} : { watchdog }),
  runAbort: async ({ argv, budgetMs }) => {
    const { ok, says, tookMs } = await run(argv, { budgetMs, killAfterMs: 50 });
    log.info({ event: 'abort-run', ok, says, tookMs }, says);
  },
  takeNodeDown: async (why) => {
    log.error({ event: 'node-down', why }, `${why}: this node is taken down`);
    const { says } = await run(store.nodeDown, { budgetMs: nodeDownBudgetMs });
    log.error({ event: 'node-did-not-go', says }, `the way to take this node down ended: ${says}`);
  },
  killAgent: () => agent.kill(),
  startAgent: () => agent.start(),
});

/** A watchdog that cannot be stopped is to be kicked for as long as this node is up. */
async function rest(): Promise<void> {
  const isStopped = !keeper.isSurelyDown || watchdog === undefined || (await watchdog.disarm());
  if (isStopped) process.exit(0);
}
/** Nothing runs here, as far as was told; one that cannot be stopped is put off by the keeper that comes. */
async function makeRoom(): Promise<void> {
  if (keeper.isSurelyDown) await watchdog?.disarm();
  process.exit(0);
}
const onMakeRoom = (): void => void makeRoom();
const isServing = serveAgent({ keeper, agent, socket, settings: digestOf(settings), log, onMakeRoom });
void keeper.run();

/** Long enough for an agent that was just started to come. */
const idleMax = 10_000;
let lastNeeded = bootClock.now();
setInterval(() => {
  if (isServing() || keeper.phase !== 'idle' || keeper.awaitsAgent) lastNeeded = bootClock.now();
  if (bootClock.now() - lastNeeded > idleMax) void rest();
}, 1_000);
