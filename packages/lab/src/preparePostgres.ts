import { dirname } from 'node:path';
import { type Account, accountOf, run } from '@holdfast/kit';
import { findPostgres } from './findPostgres.ts';
import { LabError } from './labError.ts';
import { type LabNode, must } from './labHost.ts';
import { lan } from './lan.ts';

export type PostgresOptions = Readonly<{
  device: string;
  mountPoint: string;
  /** Below the mount point. */
  dataDirectory: string;
  /** 5432 when left out. */
  port?: number;
}>;

const stepBudgetMs = 10_000;
const initdbBudgetMs = 60_000;

/** Puts a small database on the disk, as somebody would have done before protecting it. It is not started. */
export async function preparePostgres(node: LabNode, options: PostgresOptions): Promise<void> {
  const { device, mountPoint, dataDirectory } = options;
  const account = await findAccount();
  const initdb = `${await findPostgres()}/initdb`;
  const owned = ['install', '-d', '-o', 'postgres', '-g', 'postgres'] as const;
  const budget = { budgetMs: stepBudgetMs };

  await must(node, ['mkdir', '-p', mountPoint], budget);
  await must(node, ['mount', device, mountPoint], budget);
  try {
    await must(node, ['mkdir', '-p', dirname(dataDirectory)], budget);
    await must(node, [...owned, '-m', '0700', dataDirectory], budget);
    await must(node, [...owned, '-m', '2775', '/run/postgresql'], budget);
    // The unmount below writes everything out, so initdb need not wait for the disk with each file.
    const how = [
      '--auth=trust',
      '--username=postgres',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ] as const;
    await must(node, [initdb, ...how, '--pgdata', dataDirectory], {
      account,
      budgetMs: initdbBudgetMs,
    });
    await append(node, `${dataDirectory}/postgresql.conf`, settings(options.port ?? 5432));
    await append(node, `${dataDirectory}/pg_hba.conf`, `host all all ${lan.network} trust\n`);
  } finally {
    await must(node, ['umount', mountPoint], budget);
  }
}

async function append(node: LabNode, path: string, text: string): Promise<void> {
  await must(node, ['tee', '-a', path], { budgetMs: stepBudgetMs, input: text });
}

/** Small enough for many at once; what makes the data safe is left as it is. */
function settings(port: number): string {
  return [
    `port = ${port}`,
    `listen_addresses = '*'`,
    `unix_socket_directories = '/run/postgresql'`,
    'shared_buffers = 16MB',
    'max_connections = 30',
    'min_wal_size = 32MB',
    'max_wal_size = 64MB',
    '',
  ].join('\n');
}

/** Nodes have the accounts of this machine. */
async function findAccount(): Promise<Account> {
  const account = await accountOf('postgres', run);
  if (account !== undefined) return account;
  throw new LabError({
    what: 'The lab found no account for PostgreSQL.',
    why: 'this machine has no user postgres',
    todo: 'install what is missing with: node packages/lab/setup.js',
  });
}
