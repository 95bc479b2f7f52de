import type { Finding, KitCall } from '@holdfast/kit';
import type { Installation } from './findInstallation.ts';
import type { Settings } from './settings.ts';

export type ServerAnswer = Readonly<{ finding: Finding; says: string }>;

/**
 * Asks one real question over the socket. A program, not a connection of our own: most servers let only the owner's
 * account in over the socket, and the kernel tells them which account asks.
 */
export async function askServer(
  { settings, run, signal }: Pick<KitCall<Settings>, 'settings' | 'run' | 'signal'>,
  { bin, owner }: Pick<Installation, 'bin' | 'owner'>,
  withinMs: number,
): Promise<ServerAnswer> {
  const { socketDirectory, port, user, database } = settings;
  const asked = await run(
    [
      `${bin}/psql`,
      '-XAtqw',
      ...['-h', socketDirectory, '-p', String(port), '-U', user, '-d', database],
      ...['-c', 'select 1'],
    ],
    {
      account: owner,
      cwd: '/',
      budgetMs: Math.max(1, withinMs),
      killAfterMs: 50,
      signal,
      // psql counts this in whole seconds; the budget is what ends it in time.
      env: { PGCONNECT_TIMEOUT: '10', PGAPPNAME: 'holdfast' },
    },
  );
  if (asked.ok && asked.stdout.trim() === '1') {
    return { finding: 'in-service', says: `it answers on port ${port}` };
  }
  if (asked.ending === 'budget') {
    return { finding: 'timeout', says: `no answer on port ${port} within ${Math.round(asked.tookMs)} ms` };
  }
  if (asked.ending === 'aborted') return { finding: 'unknown', says: asked.says };
  if (asked.ending === 'not-started') return { finding: 'unknown', says: asked.says };
  return judge(asked.stderr.trim().replaceAll(/\s*\n\s*/g, ' ') || asked.says);
}

/** The servers' messages, which are in English as our programs run with LC_ALL=C and the server with its own words. */
function judge(words: string): ServerAnswer {
  const [finding] = verdicts.find(([, pattern]) => pattern.test(words)) ?? ['failed'];
  return { finding, says: words };
}

const verdicts: readonly (readonly [Finding, RegExp])[] = [
  // It works, and another place will not have more room: nothing to fail over for.
  ['degraded', /too many (clients|connections)|remaining connection slots are reserved/],
  ['degraded', /starting up|in recovery mode|not yet accepting connections|not accepting connections/],
  ['failed', /shutting down/],
  // It serves others; only our question is not let in.
  [
    'unknown',
    /authentication failed|no pg_hba\.conf entry|role ".*" does not exist|database ".*" does not exist|no password supplied/,
  ],
];
