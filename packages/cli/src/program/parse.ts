import yargs, { type Argv } from 'yargs';
import { type ExitCode, exitCodes, exitCodesHelp } from '../exitCodes.ts';
import type { Surroundings } from './surroundings.ts';
import { version } from './version.ts';

export type Parsed<Options> =
  | Readonly<{ ok: true; options: Options }>
  /** What was to be said is said: help, the version, or what was not understood. */
  | Readonly<{ ok: false; exitCode: ExitCode }>;

/** Parses strictly: an option that does not exist, or stands there twice, must not be ignored in silence. */
export async function parse<Options>(
  around: Surroundings,
  name: string,
  describe: (parser: Argv) => Argv<Options>,
): Promise<Parsed<Options>> {
  let said = '';
  let refusal = '';
  const parser = describe(
    yargs([])
      .scriptName(name)
      .locale('en')
      .parserConfiguration({
        'populate--': true,
        'dot-notation': false,
        'boolean-negation': false,
        'camel-case-expansion': false,
      })
      .option('help', { alias: 'h', type: 'boolean', describe: 'Show this help' })
      .version(version())
      .epilogue(exitCodesHelp)
      .wrap(80)
      .strict()
      .showHelpOnFail(false)
      .exitProcess(false),
  );
  const options = await Promise.resolve(
    parser.parseAsync([...around.args], {}, (error, _, output) => {
      refusal = error?.message ?? '';
      said = output;
    }),
  ).catch((error: Error) => {
    refusal ||= error.message;
    return undefined;
  });
  const twice = options === undefined ? undefined : givenTwice(options);
  if (twice !== undefined) refusal ||= `${twice} was given more than once`;
  if (refusal !== '' || options === undefined) return misused(around, name, refusal);
  if (said !== '') {
    around.out.print(said);
    return { ok: false, exitCode: exitCodes.done };
  }
  return { ok: true, options: options as Options };
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

function givenTwice(options: object): string | undefined {
  const twice = Object.entries(options).find(
    ([name, value]) => name !== '_' && name !== '--' && Array.isArray(value),
  );
  return twice === undefined ? undefined : `${twice[0].length === 1 ? '-' : '--'}${twice[0]}`;
}
