import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { accountOf, type KitCall, type Readiness } from '@holdfast/kit';
import { findInstallation } from './findInstallation.ts';
import { findHolder } from './findListeners.ts';
import { findLostParts } from './findLostParts.ts';
import { findServer } from './findServer.ts';
import { type Look, lacks } from './look.ts';
import { lookAtPrograms, lookForPrograms } from './lookForPrograms.ts';
import type { Settings } from './settings.ts';

type Call = KitCall<Settings>;

/**
 * Could the server run here? Where the data are mounted they are looked at as well; where they are not, which is how
 * it should be on a node that stands by, what can be known without them: programs, account, port, socket directory.
 */
export async function preflight(call: Call): Promise<Readiness> {
  const { dataDirectory } = call.settings;
  const isMounted = (await stat(`${dataDirectory}/PG_VERSION`).catch(() => undefined)) !== undefined;
  const looks = await Promise.all([
    isMounted ? lookAtData(call) : lookWithoutData(call),
    lookAtPort(call.settings),
    lookAtSocketDirectory(call.settings),
  ]);
  const missing = looks.flatMap((look) => look.missing);
  const warnings = looks.flatMap((look) => look.warnings);
  if (missing.length > 0) {
    return {
      ready: false,
      evidence: missing.map(({ says }) => says).join('; '),
      todo: missing.map(({ todo }) => todo).join('; '),
      rank: 0,
      warnings,
    };
  }
  return {
    ready: true,
    evidence: looks.flatMap((look) => look.saw).join('; '),
    todo: '',
    rank: Math.max(10, 100 - 20 * warnings.length),
    warnings,
  };
}

async function lookAtData(call: Call): Promise<Look> {
  const { dataDirectory } = call.settings;
  const installation = await findInstallation(call);
  if ('result' in installation) return lacks(installation.evidence, installation.todo);
  const { bin, owner, version } = installation;
  const programs = await lookAtPrograms(call, bin, version);
  const lost = (await findLostParts(dataDirectory)).map((says) => ({
    says,
    todo: 'mount what is missing: the resource should need those file systems as well',
  }));
  // Reads the configuration as a start would, and starts nothing.
  const configured = await call.run([`${bin}/postgres`, '-C', 'data_directory', ...configOf(call.settings)], {
    account: owner,
    cwd: '/',
    budgetMs: 5_000,
  });
  const wrong = configured.ok
    ? []
    : [
        {
          says: `the configuration cannot be read: ${configured.stderr.trim().replaceAll(/\s*\n\s*/g, ' ') || configured.says}`,
          todo: 'correct the line that it names',
        },
      ];
  return {
    saw: [...programs.saw, `data of version ${version}, of ${owner.name}`],
    missing: [...programs.missing, ...lost, ...wrong],
    warnings: programs.warnings,
  };
}

function configOf({ dataDirectory, configFile }: Settings): readonly string[] {
  return ['-D', dataDirectory, ...(configFile === undefined ? [] : ['-c', `config_file=${configFile}`])];
}

async function lookWithoutData(call: Call): Promise<Look> {
  const { settings, run } = call;
  const account = settings.account ?? 'postgres';
  const known = await accountOf(account, run);
  const noAccount = `this node has no account ${account}`;
  const looked = await lookForPrograms(call);
  const isGiven = settings.account !== undefined;
  return {
    saw: [...looked.saw, 'the data are not mounted here', ...(known ? [`the account ${account}`] : [])],
    missing: [
      ...looked.missing,
      ...(known === undefined && isGiven ? [{ says: noAccount, todo: `make the account ${account}` }] : []),
    ],
    warnings: [
      ...looked.warnings,
      ...(known === undefined && !isGiven
        ? [`${noAccount}: set account when the data belong to another one`]
        : []),
    ],
  };
}

async function lookAtPort({ port, dataDirectory }: Settings): Promise<Look> {
  const { postmaster } = await findServer(dataDirectory);
  const holder = await findHolder(port, postmaster);
  if (holder === undefined) {
    const says = postmaster === undefined ? `port ${port} is free` : `port ${port} is free or its own`;
    return { saw: [says], missing: [], warnings: [] };
  }
  const who =
    holder === 'somebody' ? 'somebody in another container' : `process ${holder.pid} (${holder.name})`;
  return lacks(`port ${port} is held by ${who}`, 'end what holds the port, or set another port');
}

async function lookAtSocketDirectory({ socketDirectory }: Settings): Promise<Look> {
  for (let place = socketDirectory; ; place = dirname(place)) {
    const entry = await stat(place).catch(() => undefined);
    if (entry === undefined) continue;
    if (!entry.isDirectory()) return lacks(`${place} is no directory`, 'set another socketDirectory');
    const says = place === socketDirectory ? 'is there' : 'will be made';
    return { saw: [`${socketDirectory} ${says}`], missing: [], warnings: [] };
  }
}
