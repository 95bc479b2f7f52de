import { posix } from 'node:path';
import { z } from 'zod';

function isPlainPath(path: string): boolean {
  return path.startsWith('/') && posix.normalize(path) === path && (path === '/' || !path.endsWith('/'));
}

/** pg_ctl, by which others may start it, hands these paths to a shell: what means something there is refused. */
function folder(example: string) {
  const allowed = `an absolute path without . and .., without a slash at its end, and without " $ \` \\, such as ${example}`;
  return z.string(allowed).refine((path) => isPlainPath(path) && !/["$`\\\n\r]/.test(path), allowed);
}

/** These stand in the options, which pg_ctl would hand on without quotes. */
function plainFolder(example: string) {
  const allowed = `an absolute path without spaces, quotes and what a shell understands, such as ${example}`;
  return z.string(allowed).refine((path) => isPlainPath(path) && !/["$`\\\s'&;|<>()*?]/.test(path), allowed);
}

function name(what: string, example: string) {
  const allowed = `${what}, such as ${example}`;
  return z.string(allowed).min(1, allowed);
}

const portAllowed = 'a port from 1 to 65535, such as 5432';
const majorAllowed = 'the major version in quotes, such as "15"';
const stallAllowed = 'whole seconds from 1 to 3600, such as 60';

export const settings = z.strictObject({
  dataDirectory: folder('/srv/pg/data').describe(
    'The data directory, with PG_VERSION in it. At the next restore.',
  ),
  port: z
    .int(portAllowed)
    .min(1, portAllowed)
    .max(65_535, portAllowed)
    .default(5432)
    .describe('The port; it overrides postgresql.conf. 5432 when left out. At the next restore.'),
  binDirectory: folder('/usr/lib/postgresql/15/bin')
    .optional()
    .describe(
      'Where pg_ctl, postgres and psql are; found by the version of the data when left out. At the next restore.',
    ),
  socketDirectory: plainFolder('/run/postgresql')
    .default('/run/postgresql')
    .describe(
      'Where the server makes its socket; made when it is missing. /run/postgresql when left out. At the next restore.',
    ),
  account: name('the name of an account of the system', 'postgres')
    .optional()
    .describe(
      'The account that the data must belong to, and that the server runs as; the owner of the data directory when left out. At the next restore.',
    ),
  version: z
    .string(majorAllowed)
    .regex(/^\d+$/, majorAllowed)
    .optional()
    .describe(
      'The major version that the data must have, and that preflight looks for where the data are not mounted. Any when left out. At the next restore.',
    ),
  configFile: plainFolder('/etc/postgresql/15/main/postgresql.conf')
    .optional()
    .describe('postgresql.conf, where it is not in the data directory. At the next restore.'),
  logFile: folder('/srv/pg/postmaster.log')
    .optional()
    .describe(
      'What the server says before its own log is open, and all of it when it has none; postmaster.log in the data directory when left out. At the next restore.',
    ),
  stallSeconds: z
    .int(stallAllowed)
    .min(1, stallAllowed)
    .max(3_600, stallAllowed)
    .default(60)
    .describe(
      'Seconds without any progress after which a restore no longer waits for a server that recovers. 60 when left out. At once.',
    ),
  database: name('the name of a database', 'postgres')
    .default('postgres')
    .describe('The database that the checks ask. postgres when left out. At once.'),
  user: name('the name of a role of the database', 'postgres')
    .default('postgres')
    .describe('The role that the checks ask as. postgres when left out. At once.'),
});
export type Settings = z.infer<typeof settings>;

export function logFileOf({ logFile, dataDirectory }: Settings): string {
  return logFile ?? `${dataDirectory}/postmaster.log`;
}
