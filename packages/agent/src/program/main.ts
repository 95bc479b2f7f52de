import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isInService, type Status } from '@holdfast/core';
import { lendLibraries } from '@holdfast/kit';
import type { FastifyInstance } from 'fastify';
import manifest from '../../package.json' with { type: 'json' };
import { Agent, type AgentPorts, EventMetrics, type Log, Metrics } from '../index.ts';
import { type AgentSettings, readAgentSettings } from './agentSettings.ts';
import { apiDocument } from './api/apiDocument.ts';
import { openStore } from './cluster/openStore.ts';
import { askStore, waitForStore } from './cluster/waitForStore.ts';
import { identify } from './identity.ts';
import { openKits } from './kits/openKits.ts';
import { beginLife } from './lastLife.ts';
import { openLog } from './log/openLog.ts';
import { countChecks } from './metrics/countChecks.ts';
import { measuredStore } from './metrics/measuredStore.ts';
import { metricsPrinter } from './metrics/metricsPrinter.ts';
import { serveMetrics } from './metrics/serveMetrics.ts';
import { openNotifiers } from './notify/openNotifiers.ts';
import { type Paths, pathsBelow } from './paths.ts';
import { allRoutes } from './routes/allRoutes.ts';
import { scriptFolders } from './scriptFolders.ts';
import { serve } from './server.ts';
import { serviceManager } from './serviceManager.ts';
import { socketGroup } from './socketGroup.ts';
import { statusFile } from './statusFile.ts';
import { openStorage } from './storage/openStorage.ts';
import { systemChance, systemClock } from './systemClock.ts';
import { type WaitingStatus, waitingStatus } from './waitingStatus.ts';
import { kernelWatchers } from './watch/kernelWatchers.ts';

/** The program of `holdfast agent`: assembles the agent from real parts, and runs it until it is told to stop. */
async function main(): Promise<void> {
  const paths = pathsBelow(process.env.HOLDFAST_ROOT ?? '/');
  const settings = await readAgentSettings(paths.settings);
  const { log, settle } = openLog(settings, paths.logFile);
  try {
    await run(paths, settings, log);
  } finally {
    await settle(1_000);
  }
}

async function run(paths: Paths, settings: AgentSettings, log: Log): Promise<void> {
  await mkdir(paths.state, { recursive: true, mode: 0o700 });
  await mkdir(paths.run, { recursive: true, mode: 0o755 });
  const identity = await identify(settings.node, manifest.version);
  const metrics = new Metrics();
  const { session } = identity;
  const files = { storeFile: paths.store, journalFile: paths.journal };
  const storage = await openStorage({ ...files, session, keep: settings.journal }, log);
  const opened = await openStore({
    settings: settings.store,
    alone: storage.store,
    identity,
    keeperSocket: paths.keeper,
    log,
  });
  const { cluster } = opened;
  const store = measuredStore(opened.store, metrics);
  // With the store this agent has the node to itself: what an earlier one left there is nobody's.
  await rm(paths.watch, { recursive: true, force: true });
  await mkdir(paths.watch, { mode: 0o700 });
  const { journal } = storage;
  lendLibraries();
  const from = dirname(paths.settings);
  const kits = await openKits({ named: settings.kits, from, node: identity.node, log });
  const joined =
    settings.api === undefined
      ? undefined
      : await (await import('./peers/joinPeers.ts')).joinPeers({
          node: identity.node,
          api: settings.api,
          peers: settings.peers,
          log,
        });
  const onNews = { tell: (): void => undefined };
  const watched = opened.watch?.(() => onNews.tell());
  const ports: AgentPorts = {
    identity,
    clock: systemClock,
    chance: systemChance,
    store,
    kits,
    scripts: scriptFolders({ folder: paths.scripts, budgetMs: settings.globalScripts.timeout }),
    watchers: kernelWatchers({
      log,
      folder: paths.watch,
      onRestart: (program) => metrics.count('holdfast_watcher_restarts_total', { program }),
    }),
    onCheck: countChecks(metrics),
    journal,
    log,
    publish: statusFile(paths.status, log),
    ...(joined === undefined ? {} : { peers: (node) => joined.peers.find(node)?.report() }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(watched === undefined ? {} : { storeStatus: watched.status }),
  };
  const agent = new Agent(ports);
  onNews.tell = () => agent.wake();
  joined?.begin(() => onNews.tell());
  let waiting: WaitingStatus | undefined;
  const manager = serviceManager({
    environment: process.env,
    pid: process.pid,
    turns: () => agent.turns,
    wake: () => agent.wake(),
    says: () => (waiting === undefined ? sayStatus(agent.status()) : 'waiting for the store'),
    log,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ event: 'stopping', signal }, `${signal}: stopping`);
      void manager.stopping();
      if (waiting !== undefined) {
        // It has begun nothing, so there is nothing to be ended in order. By the signal itself: with 0 a service
        // manager that had enough of waiting would not start it again.
        life.end();
        process.removeAllListeners(signal);
        process.kill(process.pid, signal);
        return;
      }
      // In a cluster nothing may be left up: the right to run it ends with this agent.
      if (cluster === undefined) void agent.stop();
      else agent.leaving.request({ services: 'takeDown', dryRun: false, by: signal });
    });
  }
  process.on('SIGHUP', () => joined?.reload());
  const eventMetrics = new EventMetrics(metrics);
  agent.events.listen((event) => eventMetrics.read(event));
  const life = beginLife(paths.life, identity, log);
  agent.events.emit({ kind: life.kind, after: life.after, says: life.says });
  const notifiers = openNotifiers(agent, { identity, clock: systemClock, log, folder: paths.notify });
  const group = await socketGroup(settings.socketGroup, log);
  const printer = metricsPrinter({ metrics, agent, notifiers, session: identity.session });
  const served = {
    agent,
    journal,
    log,
    notifiers,
    printMetrics: printer.print,
    apiDocument: () => apiDocument(allRoutes, manifest.version),
    waiting: () => waiting?.read(),
  };
  const serveApi = async () => {
    const peers = joined?.peers ?? { names: () => [], find: () => undefined };
    const isNode = (node: string) => agent.status().nodes.some(({ name }) => name === node);
    const app = await serve(served, paths.socket, group, { node: identity.node, isNode, ...peers });
    joined?.serve(served);
    return app;
  };
  let early: FastifyInstance | undefined;
  if (cluster !== undefined && (await askStore(store)) !== undefined) {
    const waits = await waitingStatus(paths.status, ports, Date.now());
    waiting = waits;
    onNews.tell = () => ports.publish(waits.read());
    onNews.tell();
    early = await serveApi();
    await waitForStore(store, log, manager.waits);
    onNews.tell = () => agent.wake();
  }
  await agent.start();
  waiting = undefined;
  notifiers.begin();
  const app = early ?? (await serveApi());
  const metricsServer =
    settings.metrics === undefined ? undefined : await serveMetrics(printer.print, settings.metrics, log);
  log.info(
    {
      event: 'ready',
      session: identity.session,
      socket: paths.socket,
      generation: agent.configuration().generation,
    },
    'ready',
  );
  await manager.ready();
  try {
    await Promise.race([agent.ended, storage.failed]);
    log.info({ event: 'stopped' }, agent.leaving.says);
    life.end();
  } finally {
    await notifiers.close();
    metricsServer?.close();
    metricsServer?.closeAllConnections();
    printer.close();
    watched?.close();
    await joined?.close();
    await app.close();
    await kits.close();
    await store.close();
    await storage.close();
  }
}

function sayStatus({ resources }: Status): string {
  const inService = resources.filter(({ state }) => isInService(state)).length;
  const failed = resources.filter(({ state }) => state === 'OSF').map(({ tag }) => tag);
  const says = `${inService} of ${resources.length} resources in service`;
  return failed.length === 0 ? says : `${says}; failed: ${failed.slice(0, 5).join(', ')}`;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`holdfast agent: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
