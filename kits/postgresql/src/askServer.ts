import type { KitCall } from '@holdfast/kit';
import type { Installation } from './findInstallation.ts';
import { judgeWords } from './judgeWords.ts';
import { question, readAnswer } from './question.ts';
import type { ServerAnswer } from './serverAnswer.ts';
import type { Settings } from './settings.ts';

/**
 * Asks one real question over the socket, by a program that connects anew. A program, not a connection of our own:
 * most servers let only the owner's account in over the socket, and the kernel tells them which account asks.
 */
export async function askServer(
  call: Pick<KitCall<Settings>, 'settings' | 'run' | 'signal'>,
  installation: Pick<Installation, 'bin' | 'owner'>,
  withinMs: number,
): Promise<ServerAnswer> {
  const asked = await runStatement(call, installation, { statement: question, withinMs });
  if ('refused' in asked) return asked.refused;
  const answer = readAnswer(asked.output, call.settings.port);
  return answer ?? { finding: 'unknown', says: `it answered "${asked.output}"`, conditions: [] };
}

type Statement = Readonly<{ statement: string; withinMs: number }>;

/** Runs one statement over a connection of its own. */
export async function runStatement(
  { settings, run, signal }: Pick<KitCall<Settings>, 'settings' | 'run' | 'signal'>,
  { bin, owner }: Pick<Installation, 'bin' | 'owner'>,
  { statement, withinMs }: Statement,
): Promise<Readonly<{ output: string }> | Readonly<{ refused: ServerAnswer }>> {
  const asked = await run([...psqlCommand(bin, settings), '-c', statement], {
    account: owner,
    cwd: '/',
    budgetMs: Math.max(1, withinMs),
    killAfterMs: 50,
    signal,
    env: psqlEnvironment(withinMs),
  });
  if (asked.ok) return { output: asked.stdout.trim() };
  const refused = (finding: ServerAnswer['finding'], says: string) => ({
    refused: { finding, says, conditions: [] },
  });
  if (asked.ending === 'budget') {
    return refused('timeout', `no answer on port ${settings.port} within ${Math.round(asked.tookMs)} ms`);
  }
  if (asked.ending === 'aborted' || asked.ending === 'not-started') return refused('unknown', asked.says);
  const words = asked.stderr.trim().replaceAll(/\s*\n\s*/g, ' ') || asked.says;
  return { refused: judgeWords(words) };
}

export function psqlCommand(
  bin: string,
  { socketDirectory, port, user, database }: Settings,
): [string, ...string[]] {
  return [
    `${bin}/psql`,
    '-XAtqw',
    ...['-h', socketDirectory, '-p', String(port), '-U', user, '-d', database],
  ];
}

/** The server lets go of a question that nobody waits for any more. */
export function psqlEnvironment(withinMs: number): Readonly<Record<string, string>> {
  return {
    // psql counts this in whole seconds; the budget is what ends it in time.
    PGCONNECT_TIMEOUT: '10',
    PGAPPNAME: 'holdfast',
    PGOPTIONS: `-c statement_timeout=${Math.max(1, Math.ceil(withinMs))}`,
  };
}
