import { confirm } from './confirm.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Whether a command that takes down what clients use, or puts something in force, may go on. A person at a terminal is
 * asked; who said --yes, reads JSON, or has no terminal has decided already: a script must not hang on a question.
 */
export async function askFirst(
  around: Pick<Surroundings, 'input' | 'out'>,
  options: { question: string; yes: boolean; isJson: boolean },
): Promise<boolean> {
  if (!isAsked(around, options)) return true;
  return confirm(options.question, around);
}

/** Whether a person is there to be asked, so that what the question is about can be shown before. */
export function isAsked(
  { input, out }: Pick<Surroundings, 'input' | 'out'>,
  { yes, isJson }: { yes: boolean; isJson: boolean },
): boolean {
  return !yes && !isJson && input.isTTY === true && out.isTerminal;
}
