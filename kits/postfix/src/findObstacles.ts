import { readdir, readFile, stat } from 'node:fs/promises';
import { accountOf, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { findInstance, findLockHolder } from './findInstance.ts';
import type { Configuration } from './readConfiguration.ts';
import type { Settings } from './settings.ts';
import { whereIs } from './whereIs.ts';

/** What any queue has, and no empty mount point. */
const queueParts = ['active', 'deferred', 'incoming', 'maildrop'] as const;

/** What keeps the instance from being started here; undefined when nothing does. */
export async function findObstacles(
  call: Pick<KitCall<Settings>, 'settings' | 'run'>,
  configuration: Configuration,
): Promise<Outcome | undefined> {
  const { configDirectory, queueDirectory } = call.settings;
  if (configuration.queueDirectory !== queueDirectory) {
    return failed(
      `main.cf of ${configDirectory} says queue_directory = ${configuration.queueDirectory}, the settings say ${queueDirectory}`,
      'correct the one that is wrong',
    );
  }
  return (await judgeQueue(call.settings)) ?? (await judgeDataDirectory(call, configuration));
}

/** An empty folder is filled by `postfix start` with a new queue, and mail is lost on the wrong disk: never here. */
async function judgeQueue({
  configDirectory,
  queueDirectory,
  queueMountPoint,
}: Settings): Promise<Outcome | undefined> {
  const place = await whereIs(queueDirectory);
  if (queueMountPoint !== undefined && place.mountPoint !== queueMountPoint) {
    return failed(
      `${queueDirectory} is on ${place.mountPoint}, and nothing is mounted on ${queueMountPoint}`,
      'mount it: the resource should need that file system',
    );
  }
  const there = await readdir(queueDirectory).catch(() => undefined);
  if (there === undefined) {
    return failed(
      `there is no ${queueDirectory}`,
      'see that its file system is mounted: the resource should need it',
    );
  }
  const missing = queueParts.filter((part) => !there.includes(part));
  if (missing.length > 0) {
    return failed(
      `${queueDirectory} has no ${missing.join(', ')}: that is no mail queue`,
      `see that its file system is mounted; a queue is never made here. To make a new one by hand: postfix -c ${configDirectory} check`,
    );
  }
  if (!place.isReadOnly) return undefined;
  return failed(
    `${queueDirectory} is on ${place.mountPoint}, which is mounted read-only`,
    'see dmesg; remove the file system and restore it, which repairs it',
  );
}

async function judgeDataDirectory(
  { settings, run }: Pick<KitCall<Settings>, 'settings' | 'run'>,
  { dataDirectory, mailOwner }: Configuration,
): Promise<Outcome | undefined> {
  const { configDirectory } = settings;
  const owner = await accountOf(mailOwner, run);
  if (owner === undefined) {
    return failed(`there is no account ${mailOwner}, the mail_owner`, 'install Postfix, or make the account');
  }
  const status = await stat(dataDirectory).catch(() => undefined);
  if (status === undefined) {
    return failed(
      `there is no ${dataDirectory}, the data_directory`,
      `see that its file system is mounted, or make it: install -d -o ${mailOwner} ${dataDirectory}`,
    );
  }
  if (status.uid !== owner.uid) {
    // Postfix itself only warns, and then its caches and its random numbers cannot be kept.
    return failed(
      `${dataDirectory} belongs to ${await nameOf(status.uid)}, and not to ${mailOwner}`,
      `give it back: postfix -c ${configDirectory} set-permissions`,
    );
  }
  const holder = await findLockHolder(`${dataDirectory}/master.lock`);
  if (holder === undefined) return undefined;
  const { all } = await findInstance(settings);
  if (all.some(({ pid }) => pid === holder.entry.pid)) return undefined;
  return failed(
    `${dataDirectory}, the data_directory, is used by the master ${holder.entry.pid} of ${holder.configDirectory}`,
    'give each instance a data_directory of its own',
  );
}

async function nameOf(uid: number): Promise<string> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = passwd.split('\n').find((one) => one.split(':')[2] === String(uid));
  return line?.split(':')[0] ?? `number ${uid}`;
}
