import type { Finding } from '@holdfast/kit';
import { fullCondition, type ServerAnswer } from './serverAnswer.ts';

/**
 * What the words of a refusal mean, of psql and the server in all versions from 12 to 17. They are in English: our
 * programs run with LC_ALL=C, and what refuses a connection says so before it knows anybody's language.
 */
export function judgeWords(says: string): ServerAnswer {
  const [finding] = verdicts.find(([, pattern]) => pattern.test(says)) ?? ['failed' as const];
  return { finding, says, conditions: saysFull.test(says) ? [fullCondition(says)] : [] };
}

const saysFull = /too many (clients|connections)|remaining connection slots are reserved/;

const verdicts: readonly (readonly [Finding, RegExp])[] = [
  // It works, and another place will not have more room: nothing to fail over for.
  ['degraded', saysFull],
  ['degraded', /starting up|in recovery mode|not yet accepting connections|not accepting connections/],
  ['failed', /shutting down/],
  // A backend died, and the postmaster starts all of them anew. Who asks again learns how that went.
  ['degraded', /terminating connection because of crash of another server process/],
  // The postmaster was just about to start all of them anew; or it is not well: the next checks tell.
  ['timeout', /server closed the connection unexpectedly/],
  ['timeout', /canceling statement due to (statement|lock) timeout/],
  // It serves others; only our question is not let in.
  [
    'unknown',
    /authentication failed|no pg_hba\.conf entry|role ".*" (does not exist|is not permitted to log in)|database ".*" does not exist|no password supplied/,
  ],
];
