import { posix } from 'node:path';
import { z } from 'zod';

/** pg_ctl hands these paths to a shell, between double quotes: what means something there is refused. */
const folder = z
  .string()
  .refine(
    (path) =>
      path.startsWith('/') &&
      posix.normalize(path) === path &&
      !path.endsWith('/') &&
      !/["$`\\\n\r]/.test(path),
    'an absolute path without . and .., without a slash at its end, and without " $ ` \\',
  );
/** These stand in the options, which pg_ctl hands on without quotes. */
const plainFolder = folder.refine((path) => !/[\s'&;|<>()*?]/.test(path), 'a path without spaces and quotes');

export const settings = z.strictObject({
  dataDirectory: folder.describe('The data directory, with PG_VERSION in it. At the next restore.'),
  port: z.int().min(1).max(65_535).default(5432).describe('The port. At the next restore.'),
  binDirectory: folder
    .optional()
    .describe(
      'Where pg_ctl, postgres and psql are; found by the version of the data when left out. At once.',
    ),
  socketDirectory: plainFolder
    .default('/run/postgresql')
    .describe('Where the server makes its socket; made when it is missing. At the next restore.'),
  configFile: plainFolder
    .optional()
    .describe('postgresql.conf, where it is not in the data directory. At the next restore.'),
  logFile: folder
    .optional()
    .describe(
      'What the server says before its own log is open, and all of it when it has none; postmaster.log in the data directory when left out. At the next restore.',
    ),
  database: z.string().min(1).default('postgres').describe('The database that the check asks. At once.'),
  user: z.string().min(1).default('postgres').describe('The role that the check asks as. At once.'),
});
export type Settings = z.infer<typeof settings>;

export function logFileOf({ logFile, dataDirectory }: Settings): string {
  return logFile ?? `${dataDirectory}/postmaster.log`;
}
