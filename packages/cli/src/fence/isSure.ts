import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { refuse } from '../problems/refuse.ts';
import { askFirst, isAsked } from '../program/askFirst.ts';
import type { Surroundings } from '../program/surroundings.ts';

/**
 * For what destroys data when it is a mistake: a person at a terminal is asked, and a script has to say --yes. Undefined
 * when it may go on.
 */
export async function isSure(
  around: Surroundings,
  asked: Readonly<{ question: string; yes: boolean; isJson: boolean; command: string }>,
): Promise<ExitCode | undefined> {
  if (asked.yes) return undefined;
  if (!isAsked(around, asked))
    return refuse(around, {
      code: 'NOT_CONFIRMED',
      what: 'Nobody is there to be asked whether this is meant',
      why: 'it is not a terminal, or JSON was asked for, and --yes was not said',
      todo: `say it: ${asked.command} --yes`,
      isJson: asked.isJson,
    });
  if (await askFirst(around, asked)) return undefined;
  around.err.print('nothing was done');
  return exitCodes.failed;
}
