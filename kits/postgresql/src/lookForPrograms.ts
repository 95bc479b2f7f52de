import { readdir, stat } from 'node:fs/promises';
import type { KitCall } from '@holdfast/kit';
import { binFolders } from './findInstallation.ts';
import { type Look, lacks } from './look.ts';
import { readMajor } from './readMajor.ts';
import type { Settings } from './settings.ts';

type Call = KitCall<Settings>;

/** Where the data are not there to say which version they need. */
export async function lookForPrograms(call: Call): Promise<Look> {
  const { version, binDirectory } = call.settings;
  const versions = version === undefined ? await installedVersions(call.settings) : [version];
  const folders = versions.flatMap((one) => binFolders(call.settings, one).map((bin) => ({ bin, one })));
  const present: typeof folders = [];
  for (const folder of folders) {
    if ((await stat(`${folder.bin}/pg_ctl`).catch(() => undefined)) !== undefined) present.push(folder);
  }
  const [first] = present;
  if (first === undefined) {
    const wanted = version === undefined ? 'no PostgreSQL' : `no PostgreSQL ${version}`;
    const where = binDirectory === undefined ? 'here' : `in ${binDirectory}`;
    return lacks(`${wanted} is installed ${where}`, 'install the version of the data, or set binDirectory');
  }
  if (version !== undefined) return lookAtPrograms(call, first.bin, version);
  const says = `which version the data need is not known here: set version; installed: ${present.map(({ bin }) => bin).join(', ')}`;
  return { saw: [`programs in ${present.map(({ bin }) => bin).join(', ')}`], missing: [], warnings: [says] };
}

async function installedVersions({ binDirectory }: Settings): Promise<readonly string[]> {
  if (binDirectory !== undefined) return [''];
  const names = await Promise.all(
    ['/usr/lib/postgresql', '/usr'].map((folder) => readdir(folder).catch(() => [])),
  );
  return names.flat().flatMap((name) => /^(?:pgsql-)?(\d+)$/.exec(name)?.[1] ?? []);
}

/** All three programs, and of the version. */
export async function lookAtPrograms({ run }: Call, bin: string, version: string): Promise<Look> {
  for (const name of ['pg_ctl', 'postgres', 'psql']) {
    const program = await stat(`${bin}/${name}`).catch(() => undefined);
    if (program === undefined)
      return lacks(`${bin}/${name} is missing`, `install all of PostgreSQL ${version}`);
  }
  const printed = await run([`${bin}/postgres`, '--version'], { budgetMs: 5_000 });
  const major = readMajor(printed.stdout);
  if (major === version) return { saw: [`PostgreSQL ${version} in ${bin}`], missing: [], warnings: [] };
  return lacks(
    `${bin}/postgres is of version ${major ?? `unknown (${printed.says})`}, and ${version} is needed`,
    `install PostgreSQL ${version}, or correct binDirectory`,
  );
}
