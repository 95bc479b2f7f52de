import type { Account, Run, RunResult } from '@holdfast/kit';

/** A server to be started in a session of its own, its output appended to a file. */
export type Launch = Readonly<{ argv: readonly [string, ...string[]]; account: Account; log: string }>;

/**
 * What the shell does, and all that it does: it opens the log with the rights of the account, so that a link in a
 * folder of that account's leads nobody else anywhere. Words come as arguments and are never read as a script.
 */
export const intoLog = 'exec setsid --fork "$@" </dev/null >>"$0" 2>&1';

export const launchBudgetMs = 20_000;

/**
 * Starts a server that outlives this process. Ends as soon as it is started; how it gets on is for the caller to see.
 * pg_ctl does the same, and three times as slowly, since it first asks the program for its version.
 */
export function launchDetached(run: Run, { argv, account, log }: Launch): Promise<RunResult> {
  return run(['sh', '-c', intoLog, log, ...argv], { account, cwd: '/', budgetMs: launchBudgetMs });
}
