import type { KitCall } from '../contract.ts';
import type { RunResult } from '../run.ts';
import { hideSecrets, type SecretFiles } from './hideSecrets.ts';
import { readSaid, type Said } from './readSaid.ts';
import { callVariables } from './variables.ts';

export type Script = Readonly<{
  path: string;
  action: string;
  /** The kit's own key of the thing, for -i. */
  id: string;
  /** The folder of the kit, for HOLDFAST_KIT. */
  folder: string;
  /** The settings as variables. */
  variables: Readonly<Record<string, string>>;
  secretFiles: SecretFiles;
}>;

export type ScriptEnd = Readonly<{
  /** Undefined when it did not end by itself. */
  exitCode: number | undefined;
  ending: RunResult['ending'];
  said: Said;
  /** How it ended, in words, where it did not end by itself. */
  says: string;
}>;

/** Between TERM and KILL. */
const killAfterMs = 300;

/** Runs one executable to its end and reads what it said; what it should not have said is hidden, and told of. */
export async function runScript(call: KitCall<unknown>, script: Script): Promise<ScriptEnd> {
  const { action } = script;
  // It is told to stop a little before the end, so that its answer, that it had to be, is not late itself.
  const budgetMs = Math.ceil(call.budgetMs - Math.min(500, call.budgetMs / 10));
  const ran = await call.run([script.path, '-t', call.tag, '-i', script.id, ...call.args], {
    budgetMs,
    killAfterMs,
    // Never inside what it protects: a mount with somebody in it cannot be unmounted.
    cwd: '/',
    env: { ...script.variables, ...callVariables({ ...call, budgetMs }, script) },
  });
  const stdout = await hideSecrets(ran.stdout, script.secretFiles);
  const stderr = await hideSecrets(ran.stderr, script.secretFiles);
  for (const setting of new Set([...stdout.settings, ...stderr.settings])) {
    call.log.warn(
      { event: 'script-told-secret', action, setting },
      `${action} told the secret of ${setting}`,
    );
  }
  if (ran.dropped > 0) {
    const says = `${action} wrote more than 64 KiB: ${ran.dropped} bytes were dropped`;
    call.log.warn({ event: 'script-flood', action, dropped: ran.dropped }, says);
  }
  logLines(call, action, stdout.text);
  const says = sayEnding(action, ran, budgetMs);
  if (ran.ending === 'budget') call.log.warn({ event: 'script-overran', action, budgetMs }, says);
  return {
    exitCode: ran.ending === 'exited' ? ran.exitCode : undefined,
    ending: ran.ending,
    said: readSaid({ stdout: stdout.text, stderr: stderr.text }),
    says,
  };
}

function sayEnding(action: string, ran: RunResult, budgetMs: number): string {
  switch (ran.ending) {
    case 'exited':
      return `${action} ended with ${ran.exitCode}`;
    case 'signalled':
      return `${action} was ended by ${ran.signal}`;
    case 'not-started':
      return `${action} could not be started: ${ran.startError}`;
    case 'aborted':
      return `${action} was no longer wanted, and was ended`;
    case 'budget':
      return ran.signal === 'SIGKILL'
        ? `${action} did not answer within ${budgetMs} ms, ignored that it was told to stop, and was killed`
        : `${action} did not answer within ${budgetMs} ms, and was ended`;
  }
}

const linesLogged = 20;

/** Standard output is its log: what a check says is for who looks closely. */
function logLines(call: KitCall<unknown>, action: string, text: string): void {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const level = action.endsWith('Check') ? 'debug' : 'info';
  for (const line of lines.slice(-linesLogged)) call.log[level]({ event: 'script-said', action }, line);
}
