import { readdir, readFile, stat } from 'node:fs/promises';
import { accountOf, type KitCall, type Readiness } from '@holdfast/kit';
import { findEndpoints } from './findEndpoints.ts';
import { findInstance, sayProcesses } from './findInstance.ts';
import { findObstacles } from './findObstacles.ts';
import { findPortHolder } from './findPortHolder.ts';
import { type Configuration, readConfiguration } from './readConfiguration.ts';
import type { Settings } from './settings.ts';

/**
 * Could Postfix run here? The programs and the account are looked at everywhere; the rest, as far as its disk is
 * here. On a standby the disk is elsewhere, and that is no fault.
 */
export async function preflight(call: KitCall<Settings>): Promise<Readiness> {
  const { settings, run } = call;
  const { configDirectory, commandDirectory } = settings;
  const programs = ['postfix', 'postconf', 'postqueue', 'postsuper'].map(
    (name) => `${commandDirectory}/${name}`,
  );
  const missing = (await Promise.all(programs.map(isMissing))).filter((path) => path !== undefined);
  if (missing.length > 0) {
    return notReady(`there is no ${missing.join(', no ')}`, 'install Postfix, or set commandDirectory');
  }
  const warnings = await findWarnings(settings);
  const version = await run([`${commandDirectory}/postconf`, '-d', '-h', 'mail_version'], {
    budgetMs: 5_000,
  });
  const what = `Postfix ${version.stdout.trim()}`;
  if ((await isMissing(`${configDirectory}/main.cf`)) !== undefined) {
    const owner = await accountOf('postfix', run);
    if (owner === undefined) return notReady(`${what}, without an account postfix`, 'install Postfix anew');
    const says = `${configDirectory} is not here now, so its configuration was not looked at`;
    return { ready: true, evidence: what, todo: '', rank: 50, warnings: [says, ...warnings] };
  }
  const configuration = await readConfiguration(call);
  if ('result' in configuration) return refused(configuration);
  const obstacle = await findObstacles(call, configuration);
  if (obstacle !== undefined) return refused(obstacle);
  const inTheWay = await findPortInTheWay(settings, configuration);
  if (inTheWay !== undefined) return notReady(inTheWay, 'stop it and keep it from being started at boot');
  const log = await judgeLog(configuration, run);
  const says = `${what}, with queue, data directory and ports in order`;
  return {
    ready: true,
    evidence: says,
    todo: '',
    rank: 100,
    warnings: [...configuration.warnings, ...log, ...warnings],
  };
}

async function findPortInTheWay(
  settings: Settings,
  configuration: Configuration,
): Promise<string | undefined> {
  // Where the instance itself runs, its ports are its own.
  if ((await findInstance(settings)).all.length > 0) return undefined;
  const holder = await findPortHolder(await findEndpoints(configuration));
  if (holder === undefined) return undefined;
  const who = holder.process === undefined ? 'somebody unknown' : sayProcesses([holder.process]);
  return `port ${holder.port} is in use by ${who}`;
}

/** postsuper has given up being root when it writes there, and a start ends with that when a file must be renamed. */
async function judgeLog(
  { logFile, mailOwner }: Configuration,
  run: KitCall<Settings>['run'],
): Promise<string[]> {
  const status = logFile.startsWith('/dev/') ? undefined : await stat(logFile).catch(() => undefined);
  const owner = await accountOf(mailOwner, run);
  if (status === undefined || status.uid === owner?.uid || (status.mode & 0o002) !== 0) return [];
  return [
    `${logFile} is not writable for ${mailOwner}: a start with a queue that was copied fails: chown ${mailOwner} ${logFile}`,
  ];
}

async function findWarnings({ configDirectory, queueMountPoint }: Settings): Promise<readonly string[]> {
  const warnings: string[] = [];
  if (queueMountPoint === undefined) {
    warnings.push('without queueMountPoint, a queue on the wrong disk is not told from the right one');
  }
  // The system's own start knows nothing of the cluster, and would run it on two nodes.
  const units = configDirectory === '/etc/postfix' ? ['postfix.service', 'postfix@-.service'] : [];
  const wanted = '/etc/systemd/system/multi-user.target.wants';
  const enabled = (await readdir(wanted).catch(() => [])).filter((unit) => units.includes(unit));
  if (enabled.length > 0) {
    warnings.push(`${enabled.join(', ')} is started at boot as well: systemctl disable ${enabled.join(' ')}`);
  }
  if (configDirectory !== '/etc/postfix') {
    const main = await readFile('/etc/postfix/main.cf', 'utf8').catch(() => '');
    const listed = [
      ...main.matchAll(/^(?:alternate_config|multi_instance)_directories\s*=(.*(?:\n\s.*)*)/gm),
    ];
    if (!listed.some(([, words]) => words!.split(/[\s,]+/).includes(configDirectory))) {
      warnings.push(
        `users other than root cannot send with sendmail -C ${configDirectory}: name it in alternate_config_directories of /etc/postfix/main.cf`,
      );
    }
  }
  return warnings;
}

async function isMissing(path: string): Promise<string | undefined> {
  return stat(path).then(
    () => undefined,
    () => path,
  );
}

function refused(outcome: { evidence: string; todo?: string }): Readiness {
  return notReady(outcome.evidence, outcome.todo ?? '');
}

function notReady(evidence: string, todo: string): Readiness {
  return { ready: false, evidence, todo, rank: 0, warnings: [] };
}
