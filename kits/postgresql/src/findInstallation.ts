import { readFile, stat } from 'node:fs/promises';
import { type Account, accountOf, failed, type KitCall, type Outcome } from '@holdfast/kit';
import type { Settings } from './settings.ts';

export type Installation = Readonly<{ bin: string; owner: Account; version: string }>;

type Refusal = Extract<Outcome, { result: 'failed' }>;

/** Looks for what the server needs; what is missing is a failure with what to do. */
export async function findInstallation(
  call: Pick<KitCall<Settings>, 'settings' | 'run' | 'memory'>,
  account: 'look up' | 'as known' = 'look up',
): Promise<Installation | Refusal> {
  const { dataDirectory, version: wanted } = call.settings;
  const version = (await readFile(`${dataDirectory}/PG_VERSION`, 'utf8').catch(() => '')).trim();
  if (version === '') {
    return refuse(
      `${dataDirectory} has no PG_VERSION`,
      'see that its file system is mounted: the resource should need it; nothing is ever made in an empty directory',
    );
  }
  if (wanted !== undefined && wanted !== version) {
    return refuse(
      `${dataDirectory} is of version ${version}, and the setting version says ${wanted}`,
      'see that the right file system is mounted, or correct the setting',
    );
  }
  const owner = await findOwner(call, account);
  if ('result' in owner) return owner;
  const bin = await findBin(call.settings, version);
  if (bin === undefined) {
    return refuse(
      `no PostgreSQL ${version} is installed in ${binFolders(call.settings, version).join(' or ')}`,
      `install PostgreSQL ${version}, or set binDirectory`,
    );
  }
  return { bin, owner, version };
}

async function findOwner(
  { settings, run, memory }: Pick<KitCall<Settings>, 'settings' | 'run' | 'memory'>,
  how: 'look up' | 'as known',
): Promise<Account | Refusal> {
  const { dataDirectory, account } = settings;
  const { uid, mode } = await stat(dataDirectory);
  if (uid === 0) {
    return refuse(
      `${dataDirectory} belongs to root, and PostgreSQL never runs as root`,
      'give it to the account of the database, such as postgres',
    );
  }
  // While clients wait, the account is taken for what it was when the server started last.
  const known = how === 'as known' ? (memory.get('owner') as Account | undefined) : undefined;
  const owner = known?.uid === uid ? known : await accountOf(uid, run);
  if (owner === undefined) {
    return refuse(
      `${dataDirectory} belongs to number ${uid}, and no account has that number here`,
      'give the account of the database the same number on all nodes',
    );
  }
  if (account !== undefined && account !== owner.name) {
    return refuse(
      `${dataDirectory} belongs to ${owner.name}, and the setting account says ${account}`,
      'give the data to that account, or correct the setting',
    );
  }
  // What PostgreSQL asks for itself, said before anything is begun.
  if ((mode & 0o027) !== 0) {
    return refuse(
      `${dataDirectory} has the mode 0${(mode & 0o777).toString(8)}; PostgreSQL starts with 0700 or 0750 alone`,
      `chmod 0700 ${dataDirectory}; on another node it would be the same`,
    );
  }
  memory.set('owner', owner);
  return owner;
}

async function findBin(settings: Settings, version: string): Promise<string | undefined> {
  for (const folder of binFolders(settings, version)) {
    const program = await stat(`${folder}/pg_ctl`).catch(() => undefined);
    if (program !== undefined) return folder;
  }
  return undefined;
}

/** Where Debian and where the packages of the PostgreSQL project put it. */
export function binFolders({ binDirectory }: Settings, version: string): readonly string[] {
  if (binDirectory !== undefined) return [binDirectory];
  return [`/usr/lib/postgresql/${version}/bin`, `/usr/pgsql-${version}/bin`];
}

function refuse(evidence: string, todo: string): Refusal {
  return failed(evidence, todo) as Refusal;
}
