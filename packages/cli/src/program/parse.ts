import { type ExitCode, exitCodes, exitCodesHelp } from '../exitCodes.ts';
import { CommandParser } from './options/commandParser.ts';
import type { CommandDescription } from './options/description.ts';
import { type ReadWords, readWords } from './options/readWords.ts';
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
  const read = await readFor(name, description, around.args);
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
  const { d: node } = read.values;
  if (typeof node === 'string') around.asked.choose(node);
  return { ok: true, options: read.values as Options };
}

/**
 * yargs costs as long to load as all of a status command takes. So what is called by scripts again and again, or at each
 * key of completion, is read by the runtime's own reader.
 */
async function readFor(
  name: string,
  description: CommandDescription,
  words: readonly string[],
): Promise<ReadWords> {
  const isQuick = !name.startsWith('holdfast') || quick.has(name);
  if (isQuick) return readWords(description, words);
  const { readByYargs } = await import('./options/readByYargs.ts');
  return readByYargs(description, words);
}

const quick: ReadonlySet<string> = new Set(['holdfast status', 'holdfast completion', 'holdfast graph']);

/** Says what was not understood, and where to read on. */
export function misused(
  around: Surroundings,
  name: string,
  what: string,
): Readonly<{ ok: false; exitCode: ExitCode }> {
  around.err.print(`${name}: ${what.trim()}`, `See ${name} --help`);
  return { ok: false, exitCode: exitCodes.usage };
}
