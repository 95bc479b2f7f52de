import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isInService, type Status } from '@holdfast/core';
import { lendLibraries } from '@holdfast/kit';
import manifest from '../../package.json' with { type: 'json' };
import { Agent, EventMetrics, type Log, Metrics } from '../index.ts';
import { type AgentSettings, readAgentSettings } from './agentSettings.ts';
import { apiDocument } from './api/apiDocument.ts';
import { openStore } from './cluster/openStore.ts';
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
    guardSocket: paths.guard,
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
  const agent = new Agent({
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
    ...(cluster === undefined ? {} : { cluster }),
  });
  const manager = serviceManager({
    environment: process.env,
    pid: process.pid,
    turns: () => agent.turns,
    wake: () => agent.wake(),
    says: () => sayStatus(agent.status()),
    log,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ event: 'stopping', signal }, `${signal}: stopping`);
      void manager.stopping();
      // In a cluster nothing may be left up: the right to run it ends with this agent.
      if (cluster === undefined) void agent.stop();
      else agent.leaving.request({ services: 'takeDown', dryRun: false, by: signal });
    });
  }
  const eventMetrics = new EventMetrics(metrics);
  agent.events.listen((event) => eventMetrics.read(event));
  const life = beginLife(paths.life, identity, log);
  agent.events.emit({ kind: life.kind, after: life.after, says: life.says });
  const notifiers = openNotifiers(agent, { identity, clock: systemClock, log, folder: paths.notify });
  await agent.start();
  const group = await socketGroup(settings.socketGroup, log);
  notifiers.begin();
  const printer = metricsPrinter({ metrics, agent, notifiers, session: identity.session });
  const app = await serve(
    {
      agent,
      journal,
      log,
      notifiers,
      printMetrics: printer.print,
      apiDocument: () => apiDocument(allRoutes, manifest.version),
    },
    paths.socket,
    group,
  );
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
