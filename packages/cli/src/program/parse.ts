import { type ExitCode, exitCodes, exitCodesHelp } from '../exitCodes.ts';
import { CommandParser } from './options/commandParser.ts';
import { readWords } from './options/readWords.ts';
import type { Surroundings } from './surroundings.ts';

export type Parsed<Options> =
  | Readonly<{ ok: true; options: Options }>
  /** What was to be said is said: help, the version, or what was not understood. */
  | Readonly<{ ok: false; exitCode: ExitCode }>;

/** Reads the words of a command by what it says of itself. Who only asks for that gets it, and the command does nothing. */
export async function parse<Options>(
  around: Surroundings,
  name: string,
  describe: (parser: CommandParser) => CommandParser<Options>,
): Promise<Parsed<Options>> {
  const description = describe(new CommandParser()).describe(name);
  if (around.tellDescription !== undefined) {
    around.tellDescription(description);
    return { ok: false, exitCode: exitCodes.done };
  }
  const read = readWords(description, around.args);
  if (!read.ok) {
    const { nearest } = await import('@holdfast/core');
    const guess = read.word === undefined ? undefined : nearest(read.word, read.known ?? []);
    return misused(around, name, guess === undefined ? read.what : `${read.what}; did you mean ${guess}?`);
  }
  if (read.values.help === true) {
    const { showHelp } = await import('./options/showHelp.ts');
    around.out.print(showHelp(description, exitCodesHelp));
    return { ok: false, exitCode: exitCodes.done };
  }
  if (read.values.version === true) {
    const { version } = await import('./version.ts');
    around.out.print(version());
    return { ok: false, exitCode: exitCodes.done };
  }
  return { ok: true, options: read.values as Options };
}

/** Says what was not understood, and where to read on. */
export function misused(
  around: Surroundings,
  name: string,
  what: string,
): Readonly<{ ok: false; exitCode: ExitCode }> {
  around.err.print(`${name}: ${what.trim()}`, `See ${name} --help`);
  return { ok: false, exitCode: exitCodes.usage };
}
