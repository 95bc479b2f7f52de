import { readFile, stat } from 'node:fs/promises';
import { type Account, accountOf, failed, type KitCall, type Outcome } from '@holdfast/kit';
import type { Settings } from './settings.ts';

export type Installation = Readonly<{ bin: string; owner: Account; version: string }>;

/** Looks for what the server needs; what is missing is a failure with what to do. */
export async function findInstallation(
  call: Pick<KitCall<Settings>, 'settings' | 'run'>,
): Promise<Installation | Outcome> {
  const { dataDirectory } = call.settings;
  const version = (await readFile(`${dataDirectory}/PG_VERSION`, 'utf8').catch(() => '')).trim();
  if (version === '') {
    return failed(
      `${dataDirectory} has no PG_VERSION`,
      'see that its file system is mounted: the resource should need it; nothing is ever made in an empty directory',
    );
  }
  const { uid } = await stat(dataDirectory);
  if (uid === 0) {
    return failed(
      `${dataDirectory} belongs to root`,
      'give it to the account of the database, such as postgres',
    );
  }
  const owner = await accountOf(uid, call.run);
  if (owner === undefined) {
    return failed(
      `${dataDirectory} belongs to number ${uid}, and no account has that number here`,
      'give the account of the database the same number on all nodes',
    );
  }
  const bin = await findBin(call.settings, version);
  if (bin === undefined) {
    return failed(
      `no PostgreSQL ${version} is installed in ${binFolders(call.settings, version).join(' or ')}`,
      `install PostgreSQL ${version}, or set binDirectory`,
    );
  }
  return { bin, owner, version };
}

export async function findBin(settings: Settings, version: string): Promise<string | undefined> {
  for (const folder of binFolders(settings, version)) {
    const program = await stat(`${folder}/pg_ctl`).catch(() => undefined);
    if (program !== undefined) return folder;
  }
  return undefined;
}

/** Where Debian and where the packages of the PostgreSQL project put it. */
function binFolders({ binDirectory }: Settings, version: string): readonly string[] {
  if (binDirectory !== undefined) return [binDirectory];
  return [`/usr/lib/postgresql/${version}/bin`, `/usr/pgsql-${version}/bin`];
}
