import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isInService, type Status } from '@holdfast/core';
import { lendLibraries } from '@holdfast/kit';
import { openEmbeddedStore } from '@holdfast/store/embedded';
import { pino } from 'pino';
import manifest from '../../package.json' with { type: 'json' };
import { Agent } from '../index.ts';
import { readAgentSettings } from './agentSettings.ts';
import { identify } from './identity.ts';
import { openKits } from './kits/openKits.ts';
import { pathsBelow } from './paths.ts';
import { scriptFolders } from './scriptFolders.ts';
import { serve } from './server.ts';
import { serviceManager } from './serviceManager.ts';
import { socketGroup } from './socketGroup.ts';
import { openJournal } from './sqliteJournal.ts';
import { statusFile } from './statusFile.ts';
import { systemChance, systemClock } from './systemClock.ts';
import { kernelWatchers } from './watch/kernelWatchers.ts';

/** The program of `holdfast agent`: assembles the agent from real parts, and runs it until it is told to stop. */
async function main(): Promise<void> {
  const paths = pathsBelow(process.env.HOLDFAST_ROOT ?? '/');
  const settings = await readAgentSettings(paths.settings);
  // To standard output, synchronously: the last line before a crash is the one that is needed.
  const log = pino(
    { level: settings.logLevel, base: { node: settings.node }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 1, sync: true }),
  );
  await mkdir(paths.state, { recursive: true, mode: 0o700 });
  await mkdir(paths.run, { recursive: true, mode: 0o755 });
  const identity = await identify(settings.node, manifest.version);
  const store = openEmbeddedStore({ file: paths.store });
  // With the store this agent has the node to itself: what an earlier one left there is nobody's.
  await rm(paths.watch, { recursive: true, force: true });
  await mkdir(paths.watch, { mode: 0o700 });
  const { session } = identity;
  const journal = openJournal({ file: paths.journal, session, log, keep: settings.journal });
  lendLibraries();
  const from = dirname(paths.settings);
  const kits = await openKits({ named: settings.kits, from, node: identity.node, log });
  const agent = new Agent({
    identity,
    clock: systemClock,
    chance: systemChance,
    store,
    kits,
    watchers: kernelWatchers({ log, folder: paths.watch }),
    scripts: scriptFolders({ folder: paths.scripts, budgetMs: settings.globalScripts.timeout }),
    journal,
    log,
    publish: statusFile(paths.status, log),
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
      void agent.stop();
    });
  }
  await agent.start();
  const group = await socketGroup(settings.socketGroup, log);
  const app = await serve({ agent, journal, log }, paths.socket, group);
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
    await agent.ended;
    log.info({ event: 'stopped' }, agent.leaving.says);
  } finally {
    await app.close();
    await kits.close();
    journal.close();
    await store.close();
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
